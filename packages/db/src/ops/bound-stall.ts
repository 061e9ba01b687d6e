import type postgres from 'postgres';

/** Between two statements of a transaction lie milliseconds; whoever needs this long is stopped or hung. */
const STALL_SECONDS = 5;

/**
 * First statement of a transaction that holds a lease or a sync while its process computes: when that process is
 * stopped in the middle, the server ends its session, rolls it back, and lets the others at the rows. A pause or a
 * cancellation that waits for such a commit is answered within these seconds.
 */
export async function boundStall(tx: postgres.TransactionSql): Promise<void> {
  await tx`SELECT set_config('idle_in_transaction_session_timeout', ${`${STALL_SECONDS}s`}, true)`;
}

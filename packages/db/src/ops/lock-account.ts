import type postgres from 'postgres';

/** Two integers make the key, so that no other advisory lock of ours meets these. */
const ACCOUNT_LOCKS = 0x7d_e1;

/**
 * Keeps the question whether an account has a connection from being answered and changed at the same time, until the
 * end of the transaction: who answers it with no, and acts on that, shares the lock; who connects the account has it
 * alone. Taken before the connection's row by who connects, and after the delivery's row by who processes one.
 */
export async function lockAccounts(
  tx: postgres.TransactionSql,
  connector: string,
  accountIds: readonly string[],
  mode: 'shared' | 'alone',
): Promise<void> {
  const keys = accountIds.map((accountId) => `${connector} ${accountId}`);
  const ordered = tx`(SELECT DISTINCT hashtext(k) AS key FROM unnest(${keys}::text[]) AS k ORDER BY 1) AS ordered`;
  if (mode === 'shared') await tx`SELECT pg_advisory_xact_lock_shared(${ACCOUNT_LOCKS}, key) FROM ${ordered}`;
  else await tx`SELECT pg_advisory_xact_lock(${ACCOUNT_LOCKS}, key) FROM ${ordered}`;
}

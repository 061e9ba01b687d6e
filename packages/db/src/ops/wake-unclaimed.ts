import type postgres from 'postgres';

/**
 * Makes deliveries that waited for a connection to this account due again. For the transaction that creates the
 * connection, which holds the account's lock alone: a delivery that is being processed meanwhile finds the connection by
 * itself, or has said before that it waits.
 */
export async function wakeUnclaimed(
  tx: postgres.TransactionSql,
  account: { connector: string; accountId: string },
): Promise<void> {
  await tx`
    UPDATE webhook_deliveries
       SET status = 'received', pickup = pickup + 1, attempts = 0, error = NULL, ring_at = clock_timestamp()
     WHERE status = 'unclaimed' AND source = ${account.connector}
       AND waiting_accounts @> ARRAY[${account.accountId}]::text[]`;
}

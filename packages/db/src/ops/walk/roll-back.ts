import type postgres from 'postgres';

/** Takes a transaction back to its savepoint without being an error of anybody. */
class RolledBack extends Error {
  override readonly name = 'RolledBack';
}

/** What the writer says, whose writes are rolled back with the locks it took. */
export async function rollBack<T>(
  tx: postgres.TransactionSql,
  write: (nested: postgres.TransactionSql) => Promise<T>,
): Promise<T> {
  let result: { value: T } | null = null;
  try {
    await tx.savepoint(async (nested) => {
      result = { value: await write(nested) };
      throw new RolledBack();
    });
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
  }
  // The compiler does not see that the callback ran.
  const written = result as { value: T } | null;
  if (written === null) throw new Error('A savepoint was rolled back before anything was written.');
  return written.value;
}

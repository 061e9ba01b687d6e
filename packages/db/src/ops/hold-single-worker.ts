import postgres from 'postgres';

/** Any number nobody else uses. */
const SINGLE_WORKER_LOCK = 7_145_001_983;

/**
 * Without Redis the rate limit is counted inside one process, so a second worker process must not start. The
 * place is a session-level advisory lock on a connection of its own: it is free the moment the holder dies.
 * Returns null when the place is taken.
 */
export async function holdSingleWorker(url: string): Promise<{ release(): Promise<void> } | null> {
  const client = postgres(url, { max: 1, idle_timeout: 0, max_lifetime: null, onnotice: () => {} });
  const [row] = await client<{ held: boolean }[]>`SELECT pg_try_advisory_lock(${SINGLE_WORKER_LOCK}) AS held`;
  if (row?.held !== true) {
    await client.end({ timeout: 5 });
    return null;
  }
  return { release: () => client.end({ timeout: 5 }) };
}

import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';

/** Any number nobody else uses. */
const SINGLE_WORKER_LOCK = 7_145_001_983;
/** Between attempts to take the place again. */
const RETAKE_MS = 500;

export interface HeldPlace {
  release(): Promise<void>;
}

/**
 * Without Redis the rate limit is counted inside one process, so a second worker process must not start. The
 * place is a session-level advisory lock on a connection of its own: it is free the moment the holder dies.
 *
 * It is also free when only its session dies, with PostgreSQL or by an administrator. Then it is taken again; `onTaken`
 * is called once when somebody else was quicker: whoever held it must stop. Returns null when the place is taken.
 */
export async function holdSingleWorker(url: string, onTaken: () => void): Promise<HeldPlace | null> {
  const released = new AbortController();
  const { signal } = released;
  const client = postgres(url, {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    onnotice: () => {},
    onclose: () => {
      if (!signal.aborted) void retake();
    },
  });
  const take = async (): Promise<boolean> => {
    const [row] = await client<
      { held: boolean }[]
    >`SELECT pg_try_advisory_lock(${SINGLE_WORKER_LOCK}) AS held`;
    return row?.held === true;
  };
  let isRetaking = false;
  const retake = async (): Promise<void> => {
    if (isRetaking) return;
    isRetaking = true;
    while (!signal.aborted) {
      const isHeld = await take().catch(() => null);
      if (isHeld !== null) {
        isRetaking = false;
        if (!isHeld && !signal.aborted) onTaken();
        return;
      }
      // PostgreSQL is away.
      await delay(RETAKE_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };
  const release = async (): Promise<void> => {
    released.abort();
    await client.end({ timeout: 5 });
  };
  if (await take()) return { release };
  await release();
  return null;
}

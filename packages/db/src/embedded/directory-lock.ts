import { randomUUID } from 'node:crypto';
import { link, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf, EmbeddedPostgresError } from './error.ts';
import { isAlive, processIdentity } from './process-identity.ts';

const POLL_MS = 25;
const WAIT_MS = 180_000;
const TAKEOVER_STALE_MS = 10_000;

/**
 * Runs `body` while holding a lock file, so that of all processes only one starts or stops the server.
 *
 * The file names its holder; it is linked into place with its content, so that nobody ever sees it empty. A
 * holder that died leaves the file behind: whoever finds it removes it under a second, short-lived lock, because
 * two finders would otherwise remove each other's fresh lock.
 */
export async function withDirectoryLock<T>(lockPath: string, body: () => Promise<T>): Promise<T> {
  const content = `${processIdentity(process.pid)}\n${randomUUID()}\n`;
  await acquire(lockPath, content);
  try {
    return await body();
  } finally {
    if ((await readOrUndefined(lockPath)) === content) await rm(lockPath, { force: true });
  }
}

async function acquire(lockPath: string, content: string): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  while (!(await createWithContent(lockPath, content))) {
    await removeIfStale(lockPath);
    if (Date.now() > deadline) {
      const holder = (await readOrUndefined(lockPath))?.split(/\s/, 1)[0] ?? 'unknown';
      throw new EmbeddedPostgresError(
        'lock_timeout',
        `process ${holder} has been starting or stopping PostgreSQL for ${WAIT_MS / 1000} s; if it hangs, end it (lock: ${lockPath})`,
      );
    }
    await delay(POLL_MS);
  }
}

async function createWithContent(target: string, content: string): Promise<boolean> {
  const draft = `${target}.${randomUUID()}`;
  await writeFile(draft, content, { flag: 'wx', mode: 0o600 });
  try {
    await link(draft, target);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function removeIfStale(lockPath: string): Promise<void> {
  if (!(await isStale(lockPath))) return;
  const takeover = `${lockPath}.takeover`;
  if (!(await createWithContent(takeover, ''))) {
    // Held for microseconds; one that is old belonged to a process killed in between.
    const age = await stat(takeover).then(
      (found) => Date.now() - found.mtimeMs,
      () => 0,
    );
    if (age > TAKEOVER_STALE_MS) await rm(takeover, { force: true });
    return;
  }
  try {
    if (await isStale(lockPath)) await rm(lockPath, { force: true });
  } finally {
    await rm(takeover, { force: true });
  }
}

async function isStale(lockPath: string): Promise<boolean> {
  const holder = (await readOrUndefined(lockPath))?.split('\n', 1)[0];
  return holder !== undefined && !isAlive(holder);
}

async function readOrUndefined(file: string): Promise<string | undefined> {
  return await readFile(file, 'utf8').catch(() => undefined);
}

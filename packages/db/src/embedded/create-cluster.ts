import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresError, messageOf } from './error.ts';
import type { ServerUser } from './server-user.ts';

const run = promisify(execFile);

/** The role that owns the cluster, and the database made in it. */
export const ROLE = 'tidemark';

/** What the server's programs get to see: nothing of the caller's environment, least of all PG* variables. */
export const SERVER_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** What a new cluster is made of. */
export interface NewCluster {
  cluster: string;
  passwordFile: string;
  binaries: Binaries;
  user: ServerUser | undefined;
  /** False for clusters of tests, which no power failure has to find again. */
  durable: boolean;
}

/**
 * Makes a cluster and its password. Both appear under their names only when complete, the cluster last: what an
 * interrupted attempt leaves behind is not taken for a cluster.
 */
export async function createCluster(wanted: NewCluster): Promise<void> {
  const { cluster, passwordFile, user } = wanted;
  const password = randomBytes(24).toString('base64url');
  await writeFile(passwordFile, password, { mode: 0o600 });
  await chmod(passwordFile, 0o600);
  const draft = `${cluster}.${randomBytes(4).toString('hex')}`;
  // The server's user may not be able to read the caller's password file, so it gets one of its own.
  const handover = `${draft}.pw`;
  try {
    await mkdir(draft, { mode: 0o700 });
    await writeFile(handover, `${password}\n`, { mode: 0o600, flag: 'wx' });
    if (user !== undefined) {
      await chown(draft, user.uid, user.gid);
      await chown(handover, user.uid, user.gid);
    }
    await runInitdb(wanted, draft, handover);
    await rename(draft, cluster);
  } finally {
    await rm(handover, { force: true });
    await rm(draft, { recursive: true, force: true });
  }
}

async function runInitdb(
  { binaries, user, durable }: NewCluster,
  draft: string,
  handover: string,
): Promise<void> {
  const args = [
    `--pgdata=${draft}`,
    `--username=${ROLE}`,
    `--pwfile=${handover}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // PostgreSQL's own C.UTF-8: the same on every machine, whatever locales are installed or updated there.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(durable ? [] : ['--no-sync']),
  ];
  try {
    await run(binaries.initdb, args, { ...user, cwd: draft, env: SERVER_ENVIRONMENT });
  } catch (cause) {
    // The message holds what initdb printed.
    const message = `cannot create the embedded PostgreSQL in ${draft}: ${messageOf(cause).trim()}`;
    throw new EmbeddedPostgresError('init_failed', message, { cause });
  }
}

/** Refuses a cluster whose files another major version wrote. */
export async function assertVersion(cluster: string, binaries: Binaries): Promise<void> {
  const found = (await readFile(path.join(cluster, 'PG_VERSION'), 'utf8').catch(() => 'unknown')).trim();
  if (found !== binaries.majorVersion) {
    throw new EmbeddedPostgresError(
      'version_mismatch',
      `the data in ${cluster} is of PostgreSQL ${found}, the installed one is ${binaries.majorVersion}: upgrade the data, or use another TIDEMARK_DATA_DIR`,
    );
  }
}

/** The password of the cluster, generated when it was made. */
export async function readPassword(passwordFile: string): Promise<string> {
  try {
    return (await readFile(passwordFile, 'utf8')).trim();
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'password_missing',
      `cannot read ${passwordFile}, which holds the password of the embedded PostgreSQL: restore it, or run as the user who made it`,
      { cause },
    );
  }
}

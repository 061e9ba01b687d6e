import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './error.ts';

const run = promisify(execFile);

const DEDICATED_USER = 'tidemark';

/** A system user to run the server as. */
export interface ServerUser {
  uid: number;
  gid: number;
}

/**
 * Who runs the server: the caller, or, as PostgreSQL refuses root, another user when the caller is root.
 * `undefined` means the caller. A cluster that exists is run by the one who owns it.
 */
export async function chooseServerUser(existingCluster: string | undefined): Promise<ServerUser | undefined> {
  const callerUid = process.getuid?.();
  const owner = existingCluster === undefined ? undefined : await stat(existingCluster);
  if (callerUid !== 0) {
    if (owner !== undefined && callerUid !== undefined && owner.uid !== callerUid) {
      throw new EmbeddedPostgresError(
        'not_owner',
        `the embedded PostgreSQL in ${existingCluster} belongs to uid ${owner.uid}, not to you (uid ${callerUid}): run as that user, or use another TIDEMARK_DATA_DIR`,
      );
    }
    return undefined;
  }
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return await findOrCreateUser();
}

async function findOrCreateUser(): Promise<ServerUser> {
  const found =
    (await lookUp(DEDICATED_USER)) ??
    (await lookUp('postgres')) ??
    (await createDedicatedUser()) ??
    (await lookUp('nobody'));
  if (found === undefined) {
    throw new EmbeddedPostgresError(
      'no_server_user',
      'PostgreSQL does not run as root, and there is no other user to run it as: create one (useradd --system tidemark), run as another user, or set DATABASE_URL',
    );
  }
  await assertCanBecome(found);
  return found;
}

async function lookUp(name: string): Promise<ServerUser | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    const user = { uid: Number.parseInt(uid.stdout, 10), gid: Number.parseInt(gid.stdout, 10) };
    return user.uid > 0 && Number.isInteger(user.gid) ? user : undefined;
  } catch {
    return undefined;
  }
}

async function createDedicatedUser(): Promise<ServerUser | undefined> {
  const attempts: [string, string[]][] = [
    [
      'useradd',
      ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', DEDICATED_USER],
    ],
    // BusyBox systems (Alpine) have adduser only.
    ['adduser', ['-S', '-D', '-H', '-s', '/sbin/nologin', DEDICATED_USER]],
  ];
  for (const [command, args] of attempts) {
    try {
      await run(command, args);
      return await lookUp(DEDICATED_USER);
    } catch {
      // Not installed, a read-only /etc, or another process was faster: the next way or the next look-up tells.
    }
  }
  return await lookUp(DEDICATED_USER);
}

/** Fails early where root may not change users, as in some containers. */
async function assertCanBecome(user: ServerUser): Promise<void> {
  try {
    await run('sh', ['-c', ':'], { ...user, cwd: '/' });
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'no_server_user',
      `PostgreSQL does not run as root, and this root may not run programs as uid ${user.uid}: run as another user, or set DATABASE_URL`,
      { cause },
    );
  }
}

/** Whether the user (the caller when `undefined`) can enter the directory. */
export async function canEnter(directory: string, user: ServerUser | undefined): Promise<boolean> {
  // Asked of the kernel, not worked out from mode bits: access lists and mount options count as well.
  const options = user === undefined ? { cwd: '/' } : { ...user, cwd: '/' };
  return await run('sh', ['-c', 'cd -- "$0"', directory], options).then(
    () => true,
    () => false,
  );
}

import { createHash, randomBytes } from 'node:crypto';
import {
  access,
  chmod,
  constants,
  lstat,
  mkdir,
  readFile,
  realpath,
  rename,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { EmbeddedPostgresError, messageOf } from './error.ts';
import { canEnter, type ServerUser } from './server-user.ts';
import { openSystemDirectory } from './system-directory.ts';

/** The files of an embedded PostgreSQL in its data directory. */
export interface DataDirectory {
  root: string;
  lock: string;
  users: string;
  password: string;
  log: string;
  /** The cluster's place unless the server's user cannot enter the data directory. */
  defaultCluster: string;
  memory: string;
}

const Memory = z.object({
  /** Where the cluster is when it is not in the data directory. */
  cluster: z.string().optional(),
  port: z.number().int().optional(),
});

/** What is remembered from one start to the next. */
export type Memory = z.infer<typeof Memory>;

/** Makes the data directory when it is missing and names what is in it. */
export async function openDataDirectory(dataDir: string): Promise<DataDirectory> {
  try {
    await mkdir(dataDir, { recursive: true });
    const root = await realpath(dataDir);
    await access(root, constants.W_OK | constants.X_OK);
    const inRoot = (name: string) => path.join(root, name);
    return {
      root,
      lock: inRoot('start.lock'),
      users: inRoot('users'),
      password: inRoot('password'),
      log: inRoot('server.log'),
      defaultCluster: inRoot('cluster'),
      memory: inRoot('embedded.json'),
    };
  } catch (cause) {
    const message = `${dataDir} cannot be used for PostgreSQL's data (${messageOf(cause)}): run as its owner, or use another TIDEMARK_DATA_DIR`;
    throw new EmbeddedPostgresError('not_owner', message, { cause });
  }
}

/** Reads what was remembered; nothing when the file is missing or damaged. */
export async function recall(directory: DataDirectory): Promise<Memory> {
  try {
    return Memory.parse(JSON.parse(await readFile(directory.memory, 'utf8')));
  } catch {
    return {};
  }
}

/** Remembers for the next start. */
export async function remember(directory: DataDirectory, memory: Memory): Promise<void> {
  const draft = `${directory.memory}.new`;
  await writeFile(draft, `${JSON.stringify(memory, undefined, 2)}\n`);
  await rename(draft, directory.memory);
}

/**
 * The cluster that belongs to the data directory, or `undefined` when none was made yet. A relocated cluster
 * names its data directory, so that a copied data directory does not take over the original's cluster.
 */
export async function findCluster(directory: DataDirectory, memory: Memory): Promise<string | undefined> {
  if (await exists(directory.defaultCluster)) return directory.defaultCluster;
  const relocated = memory.cluster;
  if (relocated === undefined || !(await exists(relocated))) return undefined;
  const owner = await readFile(ownerFile(relocated), 'utf8').catch(() => directory.root);
  if (owner === directory.root) return relocated;
  const original = await readFile(path.join(owner, 'embedded.json'), 'utf8').catch(() => '');
  if (original.includes(JSON.stringify(relocated))) return undefined;
  await writeFile(ownerFile(relocated), directory.root);
  return relocated;
}

/** Decides where a new cluster goes, and makes the directory above it. */
export async function placeCluster(
  directory: DataDirectory,
  user: ServerUser | undefined,
  systemDirectories: readonly string[],
): Promise<string> {
  if (user === undefined || (await canEnter(directory.root, user))) return directory.defaultCluster;
  // A name of its own for each attempt: a data directory that was deleted must not find its old cluster again.
  const hash = createHash('sha256').update(directory.root).digest('hex').slice(0, 12);
  const name = `data-${hash}-${randomBytes(4).toString('hex')}`;
  const home = path.join(await openSystemDirectory(systemDirectories), name);
  await mkdir(home);
  await chmod(home, 0o755);
  const cluster = path.join(home, 'cluster');
  await writeFile(ownerFile(cluster), directory.root);
  return cluster;
}

/** Whether the relocated cluster's directory is still one that only root could have made. */
export async function assertRelocatedSafely(cluster: string): Promise<void> {
  const home = await lstat(path.dirname(cluster));
  if (!home.isDirectory() || home.uid !== 0 || (home.mode & 0o022) !== 0) {
    throw new EmbeddedPostgresError(
      'unsafe_directory',
      `${path.dirname(cluster)} can be written by others than root`,
    );
  }
}

function ownerFile(cluster: string): string {
  return path.join(path.dirname(cluster), 'data-directory');
}

async function exists(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}

import { chmod, mkdtemp, stat, statfs } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import path from 'node:path';

/** A file system in memory: a run makes and removes some hundred thousand small files. */
const IN_MEMORY = '/dev/shm';
/** What has to be free in memory, in bytes: four times what a run leaves there. */
const ROOM = 8 * 2 ** 30;

/** Makes the directory that holds everything of one test run. Set TMPDIR to say where. */
export async function makeRunDirectory(): Promise<string> {
  const directory = await mkdtemp(path.join(await base(), 'tidemark-test-'));
  await chmod(directory, 0o711);
  return directory;
}

async function base(): Promise<string> {
  if (process.env.TMPDIR === undefined && (await isRoomy(IN_MEMORY))) return IN_MEMORY;
  // As root, PostgreSQL runs as another user, so a TMPDIR inside root's home would be out of its reach.
  return process.getuid?.() === 0 && !(await isOpenToAll(tmpdir())) ? '/tmp' : tmpdir();
}

async function isRoomy(directory: string): Promise<boolean> {
  const found = await statfs(directory).catch(() => undefined);
  return found !== undefined && Math.min(found.bavail * found.bsize, freemem()) > ROOM;
}

async function isOpenToAll(directory: string): Promise<boolean> {
  const found = await stat(directory).catch(() => undefined);
  if (found === undefined || (found.mode & 0o001) === 0) return false;
  const parent = path.dirname(directory);
  return parent === directory || (await isOpenToAll(parent));
}

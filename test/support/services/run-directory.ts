import { chmod, mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * Makes the directory that holds everything of one test run. As root, PostgreSQL runs as another user, so a
 * TMPDIR inside root's home would be out of its reach.
 */
export async function makeRunDirectory(): Promise<string> {
  const base = process.getuid?.() === 0 && !(await isOpenToAll(tmpdir())) ? '/tmp' : tmpdir();
  const directory = await mkdtemp(path.join(base, 'tidemark-test-'));
  await chmod(directory, 0o711);
  return directory;
}

async function isOpenToAll(directory: string): Promise<boolean> {
  const found = await stat(directory).catch(() => undefined);
  if (found === undefined || (found.mode & 0o001) === 0) return false;
  const parent = path.dirname(directory);
  return parent === directory || (await isOpenToAll(parent));
}

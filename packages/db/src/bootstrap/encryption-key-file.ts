import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Keyring, parseKeyring } from '../secrets/keyring.ts';

/** The file in the data directory that holds what TIDEMARK_ENCRYPTION_KEYS would. */
const FILE = 'encryption-keys';

/**
 * The keyring of a data directory, made at first use. Several processes may come at once: the file is written
 * whole under another name and then linked to its own, which only one of them can do; all read the winner's.
 */
export async function readOrCreateKeyring(dataDir: string): Promise<Keyring> {
  const path = join(dataDir, FILE);
  const found = await readIfThere(path);
  if (found !== null) return parseKeyring(found);

  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, `local:${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
  return parseKeyring(await readFile(path, 'utf8'));
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error !== null && typeof error === 'object' && 'code' in error ? error.code : undefined;
}

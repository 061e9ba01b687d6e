import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openSecret, sealSecret } from '@tidemark/db';
import { readOrCreateKeyring } from '../src/bootstrap/encryption-key-file.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'keys-'));
});
afterEach(() => rm(directory, { recursive: true }));

describe('the key file of a data directory', () => {
  test('is made once, for its owner alone, and nothing is left beside it', async () => {
    const dataDir = path.join(directory, 'new', 'data');
    await readOrCreateKeyring(dataDir);
    expect(await readdir(dataDir)).toEqual(['encryption-keys']);
    expect((await stat(path.join(dataDir, 'encryption-keys'))).mode & 0o777).toBe(0o600);
    expect(await readFile(path.join(dataDir, 'encryption-keys'), 'utf8')).toMatch(
      /^local:[A-Za-z0-9+/]{43}=\n$/,
    );
  });

  test('many at once end up with one key', async () => {
    const keyrings = await Promise.all(Array.from({ length: 20 }, () => readOrCreateKeyring(directory)));
    const keys = keyrings.map((keyring) => keyring.keys[0]?.key.toString('hex'));
    expect(new Set(keys).size).toBe(1);
    expect(await readdir(directory)).toEqual(['encryption-keys']);
  });

  test('what was sealed before a restart opens after it', async () => {
    const sealed = sealSecret(await readOrCreateKeyring(directory), 'id', { token: 't' });
    expect(openSecret(await readOrCreateKeyring(directory), 'id', sealed)).toEqual({ token: 't' });
  });
});

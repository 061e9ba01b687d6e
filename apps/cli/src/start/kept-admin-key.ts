import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { generateApiKey } from '@tidemark/api';

/** A key of this machine alone, kept in the folder for the next run. */
export async function keptAdminKey(folder: string): Promise<string> {
  const file = path.join(folder, 'admin-key');
  const kept = await readFile(file, 'utf8').catch(() => null);
  if (kept !== null && kept.trim() !== '') return kept.trim();
  const key = generateApiKey();
  await writeFile(file, `${key}\n`, { mode: 0o600 });
  await chmod(file, 0o600);
  return key;
}

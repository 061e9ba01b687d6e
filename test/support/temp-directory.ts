import { chmod, mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { RUN_DIRECTORY } from './services/protocol.ts';

/** A new directory that is removed at the end of the run. */
export async function createTempDirectory(name = 'files'): Promise<string> {
  const run = process.env[RUN_DIRECTORY];
  if (run === undefined) throw new Error('the test services are not up: run tests through jest');
  const directory = await mkdtemp(path.join(run, `${name}-`));
  // PostgreSQL's user has to get in when the tests run as root.
  await chmod(directory, 0o755);
  return directory;
}

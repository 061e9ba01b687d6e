import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isAlive, processIdentity } from './process-identity.ts';

/**
 * Which processes use the server, one file each, so that the last one to leave stops it: not the one that
 * happened to start it, under the feet of the others. Call only while holding the directory's lock.
 */
export interface UserRegistry {
  /** Notes this process as a user; returns the token to leave with. */
  join(): Promise<string>;
  /** Forgets the user; returns how many users that are still alive remain. */
  leave(token: string): Promise<number>;
}

/** Opens the registry kept in `directory`, which is made when missing. */
export function openUserRegistry(directory: string): UserRegistry {
  return {
    async join() {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const token = randomUUID();
      await writeFile(path.join(directory, token), `${processIdentity(process.pid)}`, { mode: 0o600 });
      return token;
    },
    async leave(token) {
      await rm(path.join(directory, token), { force: true });
      let remaining = 0;
      for (const name of await readdir(directory).catch(() => [])) {
        const file = path.join(directory, name);
        if (isAlive(await readFile(file, 'utf8').catch(() => ''))) remaining += 1;
        else await rm(file, { force: true });
      }
      return remaining;
    },
  };
}

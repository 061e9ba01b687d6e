import { chmod, lstat, mkdir } from 'node:fs/promises';
import { EmbeddedPostgresError, messageOf } from './error.ts';

/** Where root may put what the server's user has to reach, best first. */
export const SYSTEM_DIRECTORIES: readonly string[] = ['/var/lib/tidemark', '/var/tmp/tidemark'];

/**
 * A directory outside all homes that belongs to root and that everybody may enter. Used only as root, for
 * clones and data directories that the server's user cannot reach.
 */
export async function openSystemDirectory(candidates: readonly string[]): Promise<string> {
  const problems: string[] = [];
  for (const candidate of candidates) {
    try {
      await mkdir(candidate, { recursive: true, mode: 0o755 });
      // Everybody can create things in /var/tmp: what we find there is used only if it is root's own.
      const found = await lstat(candidate);
      if (!found.isDirectory() || found.uid !== 0) throw new Error('is not a directory of root');
      await chmod(candidate, 0o755);
      return candidate;
    } catch (error) {
      problems.push(`${candidate}: ${messageOf(error)}`);
    }
  }
  throw new EmbeddedPostgresError(
    'unsafe_directory',
    `no place for PostgreSQL that its user can reach (${problems.join('; ')}): set TIDEMARK_DATA_DIR to one, or set DATABASE_URL`,
  );
}

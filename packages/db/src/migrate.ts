import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';

/** Any number nobody else uses. Two migrators at once would race on creating the same types. */
const MIGRATION_LOCK = 7_145_001_982;

/** The folder of SQL files: beside the packages, whether this file runs from `src` or from `dist`. */
export function migrationsFolder(): string {
  const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'drizzle');
  if (!existsSync(folder)) throw new Error(`The migrations are missing: ${folder} does not exist.`);
  return folder;
}

/**
 * Brings the database to the current schema. Several processes may call it at once: one migrates, the others
 * wait and find nothing to do. Throws what PostgreSQL says when it cannot be reached or a migration fails.
 */
export async function migrate(url: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await client`SELECT pg_advisory_lock(${MIGRATION_LOCK})`;
    await applyMigrations(drizzle({ client }), { migrationsFolder: migrationsFolder() });
  } finally {
    await client.end({ timeout: 5 });
  }
}

import { readMigrationFiles } from 'drizzle-orm/migrator';
import type { Database } from '../database.ts';
import { migrationsFolder } from '../migrate.ts';

/** How many of the migrations this program was built with the database does not have yet. */
export async function countMissingMigrations(db: Database): Promise<number> {
  const wanted = readMigrationFiles({ migrationsFolder: migrationsFolder() });
  const [table] = await db.sql<{ exists: boolean }[]>`
    SELECT to_regclass('drizzle.__drizzle_migrations') IS NOT NULL AS exists`;
  if (table?.exists !== true) return wanted.length;
  const [last] = await db.sql<{ at: string }[]>`
    SELECT coalesce(max(created_at), 0)::text AS at FROM drizzle.__drizzle_migrations`;
  const lastApplied = Number(last?.at ?? 0);
  return wanted.filter((migration) => migration.folderMillis > lastApplied).length;
}

import type { QuarantinedRecord } from '@tidemark/core/contracts';
import { originalOf } from '@tidemark/core/json';
import { and, eq, getTableColumns } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { connections, quarantine } from '../schema/index.ts';
import { toQuarantined } from './quarantine-row.ts';

/** A quarantined record, with what a replay needs. */
export interface FoundQuarantined {
  record: QuarantinedRecord;
  /** The record exactly as it was read. */
  original: unknown;
  /** As of when the source vouched for it, ISO 8601. */
  asOf: string;
  connector: string;
  config: unknown;
}

/** A quarantined record of one of the tenant's connections, or null. */
export async function getQuarantined(
  db: Database,
  target: { tenantId: string; quarantineId: string },
): Promise<FoundQuarantined | null> {
  const [row] = await db.orm
    .select({
      record: getTableColumns(quarantine),
      connector: connections.connector,
      config: connections.config,
    })
    .from(quarantine)
    .innerJoin(connections, eq(connections.id, quarantine.connectionId))
    .where(and(eq(quarantine.id, target.quarantineId), eq(connections.tenantId, target.tenantId)));
  if (row === undefined) return null;
  const { raw, rawOriginal, asOf, createdAt } = row.record;
  return {
    record: toQuarantined(row.record),
    original: rawOriginal === null ? raw : originalOf(rawOriginal),
    asOf: (asOf ?? createdAt).toISOString(),
    connector: row.connector,
    config: row.config,
  };
}

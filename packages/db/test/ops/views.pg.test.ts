import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Database, noteStuckSyncs, readStatistics } from '@tidemark/db';
import { addConnection, claimed, type Fixture, openFixture, startedSync } from './fixtures.ts';

let fixture: Fixture;
let db: Database;
let tenantId: string;
beforeAll(async () => {
  fixture = await openFixture();
  db = fixture.db;
  const [row] = await db.sql<{ id: string }[]>`SELECT tenant_id AS id FROM connections`;
  tenantId = row?.id ?? '';
});
afterAll(() => fixture.close());

let number = 0;
async function ended(connectionId: string, status: string, day: string): Promise<void> {
  number += 1;
  const syncId = await startedSync(db, connectionId);
  await db.sql`UPDATE syncs SET status = 'running', status_cause = 'test' WHERE id = ${syncId}`;
  await db.sql`
    UPDATE syncs SET status = ${status}::sync_status, created_at = ${day}::timestamptz, started_at = ${day}::timestamptz,
      finished_at = ${day}::timestamptz + make_interval(secs => ${number * 7}), partial = ${number % 2 === 0},
      page_count = ${number}, api_calls = ${2 * number}, records_read = ${3 * number},
      records_inserted = ${number}, records_updated = ${number}, records_skipped = ${number}
    WHERE id = ${syncId}`;
}

describe('views for SQL users', () => {
  test('E24: sync_statistics says what the API says, for each connection and day', async () => {
    const other = await addConnection(db, 'views-other');
    const ends = ['completed', 'completed', 'completed', 'failed', 'cancelled'];
    for (const status of ends) await ended(fixture.connectionId, status, '2021-03-01T10:00:00Z');
    for (const status of ends) await ended(fixture.connectionId, status, '2021-03-02T23:59:59Z');
    await ended(other, 'failed', '2021-03-02T00:00:00Z');
    const rows = await db.sql`SELECT * FROM sync_statistics ORDER BY connection_id, day`;
    expect(rows).toHaveLength(3);
    for (const row of rows) {
      const day = new Date(row.day).toISOString().slice(0, 10);
      const { totals } = await readStatistics(db, {
        tenantId,
        connectionId: row.connection_id,
        since: `${day}T00:00:00Z`,
        until: `${day}T23:59:59.999Z`,
      });
      const figure = (value: unknown) => (value === null ? null : Number(value));
      expect({
        syncs: Number(row.syncs),
        byStatus: Object.fromEntries(
          Object.keys(totals.byStatus).map((status) => [status, Number(row[status])]),
        ),
        partial: Number(row.completed_partial),
        successRate: figure(row.success_rate),
        pages: Number(row.pages),
        apiCalls: Number(row.api_calls),
        records: Object.fromEntries(
          Object.keys(totals.records).map((outcome) => [outcome, Number(row[`records_${outcome}`])]),
        ),
        average: figure(row.completed_seconds_avg),
        p50: figure(row.completed_seconds_p50),
        p95: figure(row.completed_seconds_p95),
        max: figure(row.completed_seconds_max),
      }).toEqual({
        syncs: totals.syncs,
        byStatus: totals.byStatus,
        partial: totals.partial,
        successRate: totals.successRate,
        pages: totals.pages,
        apiCalls: totals.apiCalls,
        records: totals.records,
        average: totals.durationSeconds?.average ?? null,
        p50: totals.durationSeconds?.p50 ?? null,
        p95: totals.durationSeconds?.p95 ?? null,
        max: totals.durationSeconds?.max ?? null,
      });
    }
  });

  test('active_syncs shows live syncs with their lease, and since when they are stuck', async () => {
    const connectionId = await addConnection(db, 'views-active');
    const syncId = await startedSync(db, connectionId);
    await claimed(db, { syncId, connectionId, seq: 0 });
    const active = () => db.sql`SELECT * FROM active_syncs WHERE connection_id = ${connectionId}`;
    expect(await active()).toMatchObject([
      { id: syncId, status: 'running', worker: 'worker-test', priority: 'normal', stuck_since: null },
    ]);
    await noteStuckSyncs(db, [{ syncId, reason: 'overdue', forMs: 60_000 }]);
    expect(await active()).toMatchObject([{ stuck_reason: 'overdue', stuck_since: expect.any(String) }]);
  });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  approveSweep,
  cancelSync,
  type Database,
  resetConnection,
  retrySync,
  updateConnection,
} from '@tidemark/db';
import { eventually } from '../../../../test/support/eventually.ts';
import { barrier, namedDatabase, waitsFor } from './blocking.ts';
import { addConnection, type Fixture, openFixture } from './fixtures.ts';
import { contacts, seenKeys, show, shownSync, startWalk, stored, walk } from './full-walk.ts';

let fixture: Fixture;
let db: Database;
let tenantId: string;
beforeAll(async () => {
  fixture = await openFixture();
  db = fixture.db;
  const [tenant] = await db.sql<{ id: string }[]>`SELECT id FROM tenants WHERE name = 'test'`;
  tenantId = tenant?.id ?? '';
});
afterAll(() => fixture.close());

const TEN = 'abcdefghij'.split('');
const sync = (syncId: string) => shownSync(db, tenantId, syncId);

describe('E17 the guard', () => {
  /** A full sync that shows six of ten. */
  async function held() {
    const { connectionId, all } = await stored(db, ...TEN);
    const syncId = await walk(db, connectionId, [{ rows: all.slice(4) }]);
    return { connectionId, all, syncId };
  }
  const approve = (syncId: string) => approveSweep(db, { tenantId, syncId });

  test('I12 stops a sweep that would delete 40 %: nothing is deleted, and the sync asks', async () => {
    const { connectionId, all, syncId } = await held();
    expect(await contacts(db, connectionId)).toEqual({ live: all, deleted: [] });
    const { status, sweeps, warnings, progress } = await sync(syncId);
    expect([status, progress.records.deleted]).toEqual(['completed', 0]);
    expect(sweeps).toEqual([
      {
        stream: 'conversations',
        status: 'held',
        reason: null,
        wouldDelete: 4,
        of: 10,
        share: 0.4,
        maxShare: 0.2,
        deleted: 0,
      },
    ]);
    expect(warnings.map(({ code }) => code)).toEqual(['sweep_held']);
    const [step] =
      await db.sql`SELECT cause FROM sync_transitions WHERE sync_id = ${syncId} AND to_status = 'completed'`;
    expect(step).toEqual({ cause: 'last page committed, sweep_held' });
  });

  test('the share is that of the connection', async () => {
    const { connectionId, all } = await stored(db, ...TEN);
    await updateConnection(db, { tenantId, connectionId }, { sweepMaxShare: 0.4 });
    await walk(db, connectionId, [{ rows: all.slice(4) }]);
    expect((await contacts(db, connectionId)).deleted).toEqual(all.slice(0, 4));
  });

  test('what the walk brought anew does not thin the share', async () => {
    const { connectionId, all } = await stored(db, ...TEN);
    const more = Array.from({ length: 40 }, (_, index) => `${all[0]}-${index}`);
    const syncId = await walk(db, connectionId, [{ rows: [...all.slice(4), ...more] }]);
    expect((await sync(syncId)).sweeps).toEqual([expect.objectContaining({ status: 'held', share: 0.4 })]);
  });

  test('an approval carries it out, once, and counts it', async () => {
    const { connectionId, all, syncId } = await held();
    const approvers = [1, 2, 3, 4].map((index) => namedDatabase(fixture, `approver-${index}`));
    const row = await barrier(db, (tx) => tx`SELECT 1 FROM syncs WHERE id = ${syncId} FOR UPDATE`);
    const approvals = Promise.all(approvers.map((one) => approveSweep(one, { tenantId, syncId })));
    // They queue up behind each other.
    await eventually(async () => {
      const waiting = await db.sql`
        SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND application_name LIKE 'approver-%' AND wait_event_type = 'Lock'`;
      expect(waiting).toHaveLength(4);
    });
    await row.lift();
    const outcomes = await approvals;
    await Promise.all(approvers.map((one) => one.close()));
    expect(outcomes.filter(({ kind }) => kind === 'swept')).toEqual([{ kind: 'swept', deleted: 4 }]);
    expect(outcomes.filter(({ kind }) => kind === 'notHeld')).toHaveLength(3);
    expect((await contacts(db, connectionId)).deleted).toEqual(all.slice(0, 4));
    const { progress, sweeps } = await sync(syncId);
    expect([progress.records.deleted, sweeps]).toEqual([
      4,
      [expect.objectContaining({ status: 'swept', deleted: 4 })],
    ]);
    expect(await seenKeys(db, connectionId)).toBe(0);
  });

  test('an approval spares what a later sync has seen unchanged', async () => {
    const { connectionId, all, syncId } = await held();
    await walk(db, connectionId, [{ rows: all.slice(0, 1) }], 'incremental');
    expect(await approve(syncId)).toEqual({ kind: 'swept', deleted: 3 });
    expect((await contacts(db, connectionId)).deleted).toEqual(all.slice(1, 4));
  });

  test('an approval waits for a page that is being committed, and sees what it shows', async () => {
    const { all, syncId } = await held();
    const sweep = await db.sql<{ id: string }[]>`SELECT id FROM sync_sweeps WHERE sync_id = ${syncId}`;
    const approver = namedDatabase(fixture, 'approver');
    const approval = await db.sql.begin(async (tx) => {
      // As a page does it.
      await tx`SET LOCAL application_name = 'page'`;
      await tx`SELECT 1 FROM sync_sweeps WHERE id = ${sweep[0]?.id ?? ''} FOR SHARE`;
      await tx`INSERT INTO sync_seen VALUES (${sweep[0]?.id ?? ''}, ${`1001 ${all[0]}`}, false)`;
      const waiting = approveSweep(approver, { tenantId, syncId });
      await waitsFor(db, 'approver', 'page');
      return { waiting };
    });
    expect(await approval.waiting).toEqual({ kind: 'swept', deleted: 3 });
    await approver.close();
  });

  test.each(['a later full sync', 'a reset'])('%s takes its place', async (what) => {
    const { connectionId, all, syncId } = await held();
    if (what === 'a reset') await resetConnection(db, { tenantId, connectionId });
    else await walk(db, connectionId, [{ rows: all }]);
    expect(await approve(syncId)).toEqual({ kind: 'notHeld' });
    expect((await sync(syncId)).sweeps).toEqual([expect.objectContaining({ status: 'superseded' })]);
    expect((await contacts(db, connectionId)).deleted).toEqual([]);
    expect(await seenKeys(db, connectionId)).toBe(0);
  });

  test('approves nothing of another tenant, and nothing that was not held', async () => {
    const { syncId, connectionId } = await held();
    const other = '00000000-0000-7000-8000-000000000000';
    expect(await approveSweep(db, { tenantId: other, syncId })).toEqual({ kind: 'notFound' });
    expect((await contacts(db, connectionId)).deleted).toEqual([]);
    const plain = await stored(db, 'a', 'b');
    const [done] = await db.sql<
      { id: string }[]
    >`SELECT id FROM syncs WHERE connection_id = ${plain.connectionId}`;
    expect(await approve(done?.id ?? '')).toEqual({ kind: 'notHeld' });
  });
});

describe('E24 a suspicious result', () => {
  const codesOf = async (syncId: string) => (await sync(syncId)).warnings.map(({ code }) => code);

  test('nothing where there was something is reported, and deletes nothing', async () => {
    const { connectionId, all } = await stored(db, ...TEN);
    const syncId = await walk(db, connectionId, [{}]);
    expect(await codesOf(syncId)).toEqual(['first_page_empty', 'result_empty', 'sweep_held']);
    expect((await contacts(db, connectionId)).live).toEqual(all);
  });

  test('much less than the last full sync is reported; the next one is judged by this one', async () => {
    const { connectionId, all } = await stored(db, ...TEN);
    expect(await codesOf(await walk(db, connectionId, [{ rows: all.slice(6) }]))).toEqual([
      'result_small',
      'sweep_held',
    ]);
    await updateConnection(db, { tenantId, connectionId }, { sweepMaxShare: 1 });
    expect(await codesOf(await walk(db, connectionId, [{ rows: all.slice(6) }]))).toEqual([]);
  });

  test('a retry is judged with what the sync it goes on from had read', async () => {
    const { connectionId, all } = await stored(db, ...TEN);
    const stopped = await startWalk(db, connectionId);
    await show(db, { syncId: stopped, connectionId, seq: 0, isLast: false }, { rows: all.slice(1) });
    await cancelSync(db, { tenantId, syncId: stopped, cause: 'test' });
    const retry = await retrySync(db, { tenantId, syncId: stopped, cause: 'test' });
    if (retry.kind !== 'started') throw new Error(retry.kind);
    await show(db, { syncId: retry.syncId, connectionId, seq: 0, isLast: true }, { rows: all.slice(0, 1) });
    expect(await codesOf(retry.syncId)).toEqual([]);
  });

  test('an incremental sync whose first page is empty is reported; a first sync of nothing is not', async () => {
    const { connectionId } = await stored(db, 'a', 'b');
    expect(await codesOf(await walk(db, connectionId, [{}], 'incremental'))).toEqual(['first_page_empty']);
    const fresh = await addConnection(db, 'sweep-fresh');
    expect(await codesOf(await walk(db, fresh, [{}]))).toEqual([]);
  });
});

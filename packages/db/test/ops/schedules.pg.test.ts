import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { nextTick } from '@tidemark/core/schedules';
import {
  type Database,
  deleteConnection,
  deleteSchedule,
  findDueTicks,
  getSchedule,
  listScheduleTimings,
  openDatabase,
  putSchedule,
  readTick,
  type ScheduleRequest,
  type Tick,
  takeTick,
} from '@tidemark/db';
import { addConnection, type Fixture, openFixture, startedSync } from './fixtures.ts';

const STREAMS = ['conversations'];
const MINUTELY: ScheduleRequest = { cron: null, timezone: null, everySeconds: 60, mode: 'incremental' };
const DAILY: ScheduleRequest = { cron: '30 2 * * *', timezone: 'UTC', everySeconds: null, mode: 'full' };

let fixture: Fixture;
let db: Database;
let tenantId: string;
let accounts = 0;
beforeAll(async () => {
  fixture = await openFixture();
  db = fixture.db;
  const [tenant] = await db.sql<{ id: string }[]>`SELECT id FROM tenants`;
  tenantId = tenant?.id ?? '';
});
beforeEach(() => db.sql`DELETE FROM sync_schedules`);
afterAll(() => fixture.close());

/** A connection with a schedule whose tick has been due for so many seconds. */
async function scheduled(dueForSeconds: number, request = MINUTELY): Promise<string> {
  accounts += 1;
  const connectionId = await addConnection(db, `scheduled-${accounts}`);
  const first = (now: Date) => new Date(now.getTime() - dueForSeconds * 1_000);
  expect(await putSchedule(db, { tenantId, connectionId }, request, first)).not.toBeNull();
  return connectionId;
}

async function tickOf(connectionId: string): Promise<Tick> {
  const tick = await readTick(db, connectionId);
  if (tick === null) throw new Error('there is no tick');
  return tick;
}

/** What cron expressions mean is not the database's business. */
function tomorrow(_timing: unknown, after: Date): Date {
  return new Date(after.getTime() + 86_400_000);
}

/** Reads the tick and takes it, as a worker does. */
async function take(connectionId: string, pool = db) {
  const tick = await tickOf(connectionId);
  return takeTick(pool, tick, { next: nextTick(tick.timing, tick.readAt, tomorrow), streams: STREAMS });
}

async function schedule(connectionId: string) {
  const found = await getSchedule(db, { tenantId, connectionId });
  if (found === null) throw new Error('there is no schedule');
  return found;
}

async function syncsOf(connectionId: string): Promise<unknown[]> {
  const rows =
    await db.sql`SELECT id, trigger, mode, status FROM syncs WHERE connection_id = ${connectionId}`;
  return rows.map((row) => ({ ...row }));
}

describe('E22 taking a tick', () => {
  test('starts a sync, says so in the schedule, and moves on to the next tick', async () => {
    const connectionId = await scheduled(5);
    const before = await schedule(connectionId);
    const outcome = await take(connectionId);
    if (outcome.kind !== 'started') throw new Error(outcome.kind);
    expect(await syncsOf(connectionId)).toEqual([
      { id: outcome.syncId, trigger: 'schedule', mode: 'full', status: 'queued' },
    ]);
    const after = await schedule(connectionId);
    expect(after).toMatchObject({
      lastSyncId: outcome.syncId,
      lastTickAt: expect.any(String),
      ticksStarted: 1,
      ticksSkipped: 0,
      updatedAt: before.updatedAt,
    });
    expect(Date.parse(after.nextTickAt) - Date.parse(before.nextTickAt)).toBe(60_000);
    const outbox = await db.sql`SELECT 1 FROM outbox WHERE id = ${outcome.job.outboxId}`;
    expect(outbox).toHaveLength(1);
  });

  test('of forty at once over two pools one takes it', async () => {
    const other = openDatabase({ url: fixture.url, max: 20, applicationName: 'other' });
    for (let round = 0; round < 5; round += 1) {
      const connectionId = await scheduled(5);
      const takers = Array.from({ length: 40 }, (_, index) =>
        take(connectionId, index % 2 === 0 ? db : other),
      );
      const kinds = (await Promise.all(takers)).map((outcome) => outcome.kind);
      expect(kinds.filter((kind) => kind === 'started')).toHaveLength(1);
      expect(kinds.filter((kind) => kind === 'skipped')).toHaveLength(0);
      expect(await syncsOf(connectionId)).toHaveLength(1);
      expect(await schedule(connectionId)).toMatchObject({ ticksStarted: 1, ticksSkipped: 0 });
    }
    await other.close();
  });

  test('of the tick that was read is all a caller gets, however late it comes', async () => {
    const connectionId = await scheduled(5);
    const stale = await tickOf(connectionId);
    expect((await take(connectionId)).kind).toBe('started');
    await db.sql`UPDATE sync_schedules SET next_tick_at = now() - interval '1 second'`;
    const { ticksStarted, ticksSkipped } = await schedule(connectionId);
    const late = await takeTick(db, stale, { next: new Date(), streams: STREAMS });
    expect(late).toEqual({ kind: 'notTaken' });
    expect(await schedule(connectionId)).toMatchObject({ ticksStarted, ticksSkipped });
  });

  test('of a tick and starts by hand at once, one sync comes, and the tick is counted either way', async () => {
    for (let round = 0; round < 10; round += 1) {
      const connectionId = await scheduled(5);
      const [tick] = await Promise.all([
        take(connectionId),
        startedSync(db, connectionId).catch(() => 'busy'),
        startedSync(db, connectionId).catch(() => 'busy'),
      ]);
      expect(await syncsOf(connectionId)).toHaveLength(1);
      const started = tick.kind === 'started' ? 1 : 0;
      expect(await schedule(connectionId)).toMatchObject({
        ticksStarted: started,
        ticksSkipped: 1 - started,
      });
    }
  });

  test('is refused before it is due, whatever the clock of the caller says', async () => {
    const connectionId = await scheduled(-3_600);
    expect(await take(connectionId)).toEqual({ kind: 'notTaken' });
    expect(await schedule(connectionId)).toMatchObject({
      lastTickAt: null,
      ticksStarted: 0,
      ticksSkipped: 0,
    });
  });

  test('catches up once for a day of missed ticks', async () => {
    const connectionId = await scheduled(86_405);
    expect((await take(connectionId)).kind).toBe('started');
    expect((await take(connectionId)).kind).toBe('notTaken');
    const { nextTickAt } = await schedule(connectionId);
    expect(Date.parse(nextTickAt) - Date.now()).toBeGreaterThan(0);
    expect(Date.parse(nextTickAt) - Date.now()).toBeLessThanOrEqual(60_000);
  });
});

describe('E22 a tick that starts nothing', () => {
  test('is counted as skipped while a sync lives, paused ones included', async () => {
    const connectionId = await scheduled(5);
    const syncId = await startedSync(db, connectionId);
    expect(await take(connectionId)).toEqual({ kind: 'skipped', reason: 'sync_in_progress' });
    await db.sql`UPDATE syncs SET status = 'paused', status_cause = 'test' WHERE id = ${syncId}`;
    await db.sql`UPDATE sync_schedules SET next_tick_at = now() - interval '1 second'`;
    expect(await take(connectionId)).toEqual({ kind: 'skipped', reason: 'sync_in_progress' });
    const after = await schedule(connectionId);
    expect(after).toMatchObject({
      ticksStarted: 0,
      ticksSkipped: 2,
      lastSkipReason: 'sync_in_progress',
      lastSyncId: null,
    });
    expect(after.lastSkippedAt).toBe(after.lastTickAt);
    expect(await syncsOf(connectionId)).toHaveLength(1);
  });

  test('is skipped with its reason when the credentials were refused, or nobody knows the connector', async () => {
    const connectionId = await scheduled(5);
    const tick = await tickOf(connectionId);
    await db.sql`UPDATE connections SET status = 'needs_reauth' WHERE id = ${connectionId}`;
    expect(await take(connectionId)).toEqual({ kind: 'skipped', reason: 'connection_needs_reauth' });
    await db.sql`UPDATE connections SET status = 'active' WHERE id = ${connectionId}`;
    await db.sql`UPDATE sync_schedules SET next_tick_at = ${tick.dueAt.toISOString()}`;
    expect(await takeTick(db, tick, { next: new Date(), streams: null })).toEqual({
      kind: 'skipped',
      reason: 'unknown_connector',
    });
    expect(await schedule(connectionId)).toMatchObject({
      ticksSkipped: 2,
      lastSkipReason: 'unknown_connector',
    });
    expect(await syncsOf(connectionId)).toEqual([]);
  });

  test('is not taken when the schedule was changed or deleted, or its connection was, since it was read', async () => {
    const connectionId = await scheduled(5);
    const target = { tenantId, connectionId };
    const tick = await tickOf(connectionId);
    const plan = { next: new Date(), streams: STREAMS };
    await putSchedule(db, target, { ...MINUTELY, mode: 'full' }, (now) => now);
    expect(await takeTick(db, tick, plan)).toEqual({ kind: 'notTaken' });
    await putSchedule(db, target, DAILY, () => tick.dueAt);
    expect(await takeTick(db, tick, plan)).toEqual({ kind: 'notTaken' });
    await deleteSchedule(db, target);
    expect(await takeTick(db, tick, plan)).toEqual({ kind: 'notTaken' });
    await putSchedule(db, target, MINUTELY, () => tick.dueAt);
    await deleteConnection(db, { ...target, purge: false });
    expect(await takeTick(db, tick, plan)).toEqual({ kind: 'notTaken' });
    expect(await readTick(db, connectionId)).toBeNull();
  });
});

describe('a schedule', () => {
  test('that is put again keeps its next tick and its counts; another timing starts anew', async () => {
    const connectionId = await scheduled(5);
    const target = { tenantId, connectionId };
    await take(connectionId);
    const before = await schedule(connectionId);
    const later = () => new Date('2100-01-01T00:00:00Z');
    const same = await putSchedule(db, target, { ...MINUTELY, mode: 'full' }, later);
    expect(same).toMatchObject({ nextTickAt: before.nextTickAt, ticksStarted: 1, mode: 'full' });
    const other = await putSchedule(db, target, DAILY, later);
    expect(other).toMatchObject({
      cron: '30 2 * * *',
      everySeconds: null,
      nextTickAt: '2100-01-01T00:00:00.000Z',
      ticksStarted: 1,
      createdAt: before.createdAt,
    });
  });

  test('is one for each connection, however many put it at once', async () => {
    const connectionId = await addConnection(db, 'put-at-once');
    const puts = Array.from({ length: 20 }, (_, index) =>
      putSchedule(db, { tenantId, connectionId }, index % 2 === 0 ? MINUTELY : DAILY, (now) => now),
    );
    expect((await Promise.all(puts)).every((put) => put !== null)).toBe(true);
    expect(await listScheduleTimings(db)).toHaveLength(1);
  });

  test('goes with its connection, whatever is put and ticks at the same time', async () => {
    for (let round = 0; round < 10; round += 1) {
      const connectionId = await scheduled(5);
      const target = { tenantId, connectionId };
      await Promise.all([
        deleteConnection(db, { ...target, purge: round % 2 === 0 }),
        putSchedule(db, target, DAILY, (now) => now),
        take(connectionId).catch((error: unknown) => expect(String(error)).toContain('there is no tick')),
        putSchedule(db, target, MINUTELY, (now) => now),
      ]);
      const [left] = await db.sql<{ deleted: boolean; schedules: number }[]>`
        SELECT coalesce((SELECT deleted_at IS NOT NULL FROM connections WHERE id = ${connectionId}), true) AS deleted,
               (SELECT count(*)::int FROM sync_schedules WHERE connection_id = ${connectionId}) AS schedules`;
      expect(left?.schedules).toBe(left?.deleted ? 0 : 1);
    }
  });

  test("is another tenant's business to nobody", async () => {
    const connectionId = await scheduled(5);
    const stranger = { tenantId: '01930000-0000-7000-8000-000000000001', connectionId };
    expect(await getSchedule(db, stranger)).toBeNull();
    expect(await putSchedule(db, stranger, DAILY, (now) => now)).toBeNull();
    expect(await deleteSchedule(db, stranger)).toBe(false);
    expect(await deleteSchedule(db, { tenantId, connectionId })).toBe(true);
    expect(await deleteSchedule(db, { tenantId, connectionId })).toBe(false);
  });
});

test('due ticks are found oldest first, and only those overdue for long enough', async () => {
  const [recent, old] = [await scheduled(2), await scheduled(50_000)];
  await scheduled(-6_000);
  expect(await findDueTicks(db, { overdueMs: 0, limit: 10 })).toEqual([old, recent]);
  expect(await findDueTicks(db, { overdueMs: 30_000_000, limit: 10 })).toEqual([old]);
  expect(await findDueTicks(db, { overdueMs: 0, limit: 1 })).toEqual([old]);
});

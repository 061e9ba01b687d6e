/**
 * `pg` loads its pool with require, and must not be given the module that is meant for import.
 *
 * @jest-environment-options {"customExportConditions": ["source", "node"]}
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { nextTick, rhythmOf } from '@tidemark/core/schedules';
import { deleteSchedule, getSchedule, listScheduleTimings, putSchedule } from '@tidemark/db';
import { nextCronTime } from '@tidemark/queue';
import { type GraphSimulator, startGraphSimulator } from '@tidemark/sandbox';
import { BACKENDS, startServices, type TestServices } from '../support/engine/backends.ts';
import { type Engine, openEngine } from '../support/engine/engine.ts';
import { type LocalWorker, startLocalWorker } from '../support/engine/local-worker.ts';
import { QUICK_RECOVERY } from '../support/engine/settings.ts';
import { eventually } from '../support/eventually.ts';

const PAGE = '100000000000041';
/** The check for due ticks promises two seconds, on an idle machine: this is one that is busy, not a tick that was lost. */
const LATE_MS = 60_000;

describe.each(BACKENDS)('E22 schedules, over the queue in %s', (backend) => {
  let services: TestServices;
  let source: GraphSimulator;
  let engine: Engine;
  let worker: LocalWorker | undefined;
  let connectionId: string;
  let target: { tenantId: string; connectionId: string };

  beforeAll(async () => {
    services = await startServices(backend);
    source = await startGraphSimulator({
      seed: 41,
      pages: [{ pageId: PAGE, accessToken: 'TOKEN', conversations: 5, messages: 20 }],
    });
    engine = await openEngine({ ...services, graphUrl: source.url });
    connectionId = await engine.connect({ pageId: PAGE, accessToken: 'TOKEN' });
    const [row] = await engine.db.sql<{ tenantId: string }[]>`
      SELECT tenant_id AS "tenantId" FROM connections WHERE id = ${connectionId}`;
    target = { tenantId: row?.tenantId ?? '', connectionId };
  });
  beforeEach(async () => {
    await stopWorker();
    await engine.db.sql`DELETE FROM sync_schedules`;
    await engine.db.sql`DELETE FROM syncs`;
    await startWorker();
  });
  afterAll(async () => {
    await stopWorker();
    await engine.close();
    await source.close();
    await services.end();
  });

  async function startWorker(): Promise<void> {
    worker = await startLocalWorker(engine.addresses, { variables: QUICK_RECOVERY });
  }

  /** The schedulers are healed at each start, and now and then: a start is what need not be waited for. */
  async function restartWorker(): Promise<void> {
    await stopWorker();
    await startWorker();
  }

  async function stopWorker(): Promise<void> {
    await worker?.stop();
    worker = undefined;
  }

  /** An interval far shorter than the API allows, so that many ticks come while a test looks on. */
  async function put(everySeconds: number, dueInMs = 0): Promise<void> {
    const request = { cron: null, timezone: null, everySeconds, mode: 'incremental' as const };
    await putSchedule(engine.db, target, request, (now) => new Date(now.getTime() + dueInMs));
  }

  async function mirror(): Promise<void> {
    for (const { connectionId: id, timing } of await listScheduleTimings(engine.db)) {
      await engine.queues.upsertScheduler({ name: 'schedule-tick', payload: { connectionId: id }, timing });
    }
  }

  async function schedule() {
    const found = await getSchedule(engine.db, target);
    if (found === null) throw new Error('there is no schedule');
    return found;
  }

  async function syncs(): Promise<{ id: string; trigger: string; status: string }[]> {
    const rows = await engine.db.sql<{ id: string; trigger: string; status: string }[]>`
      SELECT id, trigger, status FROM syncs ORDER BY id`;
    return rows.map((row) => ({ ...row }));
  }

  /** Ticks that wait in the queue or are carried out. */
  async function pending(): Promise<number> {
    const system = (await engine.queues.status()).find(({ queue }) => queue === 'system');
    return (system?.waiting ?? 0) + (system?.active ?? 0) + (system?.delayed ?? 0);
  }

  /** Rings that were heard to their end. */
  async function rings(): Promise<number> {
    const system = engine.queues.boardQueues().find(({ name }) => name === 'system');
    return (await system?.getCompletedCount()) ?? 0;
  }

  const ticksStarted = async (atLeast: number) =>
    expect((await schedule()).ticksStarted).toBeGreaterThanOrEqual(atLeast);

  test('the bell brings syncs that complete, in time, and is heard once for each', async () => {
    await put(1, 1_000);
    await mirror();
    await eventually(() => ticksStarted(3));
    await deleteSchedule(engine.db, target);
    await eventually(async () =>
      expect(new Set((await syncs()).map((sync) => sync.status))).toEqual(new Set(['completed'])),
    );
    await eventually(async () => {
      const ticks = worker?.seen('schedule.ticked') ?? [];
      expect(ticks.map(({ syncId }) => syncId)).toEqual((await syncs()).map(({ id }) => id));
    });
    // The check finds what the bell misses, so it is the rings that tell that there is a bell.
    await eventually(async () => expect(await rings()).toBeGreaterThan(0));
  });

  test('without any scheduler the ticks are found in PostgreSQL, and the heal makes the schedulers', async () => {
    await put(2);
    await eventually(() => ticksStarted(2));
    const late = (worker?.seen('schedule.ticked') ?? []).map(({ lateMs }) => lateMs);
    expect(Math.max(...late)).toBeLessThan(LATE_MS);
    await restartWorker();
    await eventually(async () => {
      const rhythms = (await engine.queues.listSchedulers('schedule-tick')).map(({ rhythm }) => rhythm);
      expect(rhythms).toEqual((await listScheduleTimings(engine.db)).map(({ timing }) => rhythmOf(timing)));
    });
    await deleteSchedule(engine.db, target);
    await restartWorker();
    await eventually(async () => expect(await engine.queues.listSchedulers('schedule-tick')).toEqual([]));
    await eventually(async () => expect(await pending()).toBe(0));
  });

  test('ticks are skipped and counted while a sync lives, do not pile up, and go on after it', async () => {
    await engine.db.sql`UPDATE limit_pools SET paused_until = now() + interval '1 hour'`;
    await put(1);
    await mirror();
    await eventually(async () => expect((await schedule()).ticksSkipped).toBeGreaterThanOrEqual(3));
    await eventually(async () => expect(await pending()).toBeLessThanOrEqual(2));
    const [live, ...others] = await syncs();
    expect(others).toEqual([]);
    expect(await schedule()).toMatchObject({
      ticksStarted: 1,
      lastSyncId: live?.id,
      lastSkipReason: 'sync_in_progress',
    });

    await engine.db.sql`UPDATE limit_pools SET paused_until = NULL`;
    await engine.db.sql`UPDATE syncs SET status = 'cancelled', status_cause = 'test', finished_at = now()`;
    await eventually(() => ticksStarted(2));
    const skipped = (await schedule()).ticksSkipped;
    await eventually(() => expect(worker?.seen('schedule.skipped').length).toBeGreaterThanOrEqual(skipped));
  });

  test('ticks missed while no worker ran are made up for once', async () => {
    await stopWorker();
    await put(3_600, -86_400_000);
    await mirror();
    await startWorker();
    await eventually(() => ticksStarted(1));
    await eventually(async () => expect((await syncs()).map(({ status }) => status)).toEqual(['completed']));
    const { ticksStarted: started, ticksSkipped, nextTickAt } = await schedule();
    expect({ started, ticksSkipped }).toEqual({ started: 1, ticksSkipped: 0 });
    expect(Date.parse(nextTickAt)).toBeGreaterThan(Date.now());
  });

  test('a cron schedule of a time zone is mirrored with the time its tick is due', async () => {
    const timing = { cron: '30 2 * * *', timezone: 'Europe/Berlin' };
    const request = { ...timing, everySeconds: null, mode: 'full' as const };
    const stored = await putSchedule(engine.db, target, request, (now) =>
      nextTick(timing, now, nextCronTime),
    );
    await restartWorker();
    await eventually(async () =>
      expect(await engine.queues.listSchedulers('schedule-tick')).toEqual([
        expect.objectContaining({ rhythm: rhythmOf(timing), nextAt: new Date(stored?.nextTickAt ?? '') }),
      ]),
    );
  });

  if (backend === 'redis') {
    test('E4 FLUSHALL: ticks go on in time, and the bell is put back', async () => {
      await put(1);
      await mirror();
      await eventually(() => ticksStarted(1));
      await services.redis?.flush();
      const before = (await schedule()).ticksStarted;
      await eventually(() => ticksStarted(before + 2));
      await eventually(async () =>
        expect(await engine.queues.listSchedulers('schedule-tick')).toHaveLength(1),
      );
      await eventually(async () => expect(worker?.seen('schedules.healed').length).toBeGreaterThanOrEqual(1));
      const late = (worker?.seen('schedule.ticked') ?? []).map(({ lateMs }) => lateMs);
      expect(Math.max(...late)).toBeLessThan(LATE_MS);
      await eventually(async () => expect(await pending()).toBeLessThanOrEqual(2));
    });

    test('E5 with two workers each tick still starts one sync', async () => {
      const first = worker;
      const second = await startLocalWorker(engine.addresses, { variables: QUICK_RECOVERY });
      await put(1);
      await mirror();
      await eventually(() => ticksStarted(4));
      await deleteSchedule(engine.db, target);
      // Whoever is at a tick says so before it ends.
      await Promise.all([stopWorker(), second.stop()]);
      const seen = [...(first?.seen('schedule.ticked') ?? []), ...second.seen('schedule.ticked')];
      const started = (await syncs()).map(({ id }) => id);
      expect(seen).toHaveLength(started.length);
      expect(new Set(seen.map(({ syncId }) => syncId))).toEqual(new Set(started));
    });
  }
});

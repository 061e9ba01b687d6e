import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { connectorRegistry } from '@tidemark/connectors';
import { createEventBus, type EngineEventName } from '@tidemark/core/events';
import { jobIdOf } from '@tidemark/core/queue';
import { getSchedule, putSchedule } from '@tidemark/db';
import { type Queues, QueueUnavailableError } from '@tidemark/queue';
import { startServices, type TestServices } from '../../../../test/support/engine/backends.ts';
import { type Engine, openEngine } from '../../../../test/support/engine/engine.ts';
import { eventually } from '../../../../test/support/eventually.ts';
import { scheduleTickHandler } from '../../src/jobs/schedule-tick.ts';
import { scheduleCheck } from '../../src/services/schedule-check.ts';
import { scheduleHeal } from '../../src/services/schedule-heal.ts';

const CONTEXT = { jobId: 'ring', attemptsMade: 0, signal: new AbortController().signal };
const MINUTELY = { cron: null, timezone: null, everySeconds: 60, mode: 'incremental' as const };

let services: TestServices;
let engine: Engine;
let tenantId: string;
let pages = 0;

beforeAll(async () => {
  services = await startServices('redis');
  engine = await openEngine({ ...services, graphUrl: 'http://127.0.0.1:9' });
});
beforeEach(async () => {
  await engine.db.sql`DELETE FROM sync_schedules`;
  await services.redis?.flush();
});
afterAll(async () => {
  await engine.close();
  await services.end();
});

/** A connection with a schedule that is due in so many milliseconds. */
async function scheduled(dueInMs: number): Promise<string> {
  pages += 1;
  const connectionId = await engine.connect({ pageId: String(4_100 + pages), accessToken: 'TOKEN' });
  const [row] = await engine.db.sql<{ tenantId: string }[]>`
    SELECT tenant_id AS "tenantId" FROM connections WHERE id = ${connectionId}`;
  tenantId = row?.tenantId ?? '';
  const target = { tenantId, connectionId };
  await putSchedule(engine.db, target, MINUTELY, (now) => new Date(now.getTime() + dueInMs));
  return connectionId;
}

/** What the worker is given, with a queue that may be another one than it is, and what was reported. */
function worker(queues: Partial<Queues> = {}) {
  const events: EngineEventName[] = [];
  const errors: unknown[] = [];
  const bus = createEventBus((error) => errors.push(error));
  bus.subscribe((name) => events.push(name));
  const real = engine.queues;
  const deps = {
    db: engine.db,
    queues: {
      add: real.add.bind(real),
      addMany: real.addMany.bind(real),
      whichQueued: real.whichQueued.bind(real),
      raise: real.raise.bind(real),
      upsertScheduler: real.upsertScheduler.bind(real),
      removeScheduler: real.removeScheduler.bind(real),
      listSchedulers: real.listSchedulers.bind(real),
      ...queues,
    },
    connectors: connectorRegistry({ graphUrl: 'http://127.0.0.1:9', graphVersion: 'v26.0' }),
    events: bus,
    now: Date.now,
  };
  const onError = (_name: string, error: unknown) => errors.push(error);
  return {
    heal: scheduleHeal(deps, 5, onError),
    check: scheduleCheck(deps, onError),
    ring: (connectionId: string) => scheduleTickHandler(deps)({ connectionId }, CONTEXT),
    events,
    errors,
  };
}

const bells = async () => (await engine.queues.listSchedulers('schedule-tick')).map(({ id }) => id);
const bellOf = (connectionId: string) => jobIdOf('schedule-tick', { connectionId });
const scheduleOf = (connectionId: string) => getSchedule(engine.db, { tenantId, connectionId });

describe('the heal of job schedulers', () => {
  test('puts back all that are missing, removes those in vain, and then finds nothing to do', async () => {
    const connections = [await scheduled(3_600_000), await scheduled(3_600_000)];
    const stranger = await scheduled(3_600_000);
    const { heal, events } = worker();
    await heal.runOnce();
    expect(new Set(await bells())).toEqual(new Set([...connections, stranger].map(bellOf)));
    await engine.db.sql`DELETE FROM sync_schedules WHERE connection_id = ${stranger}`;
    await heal.runOnce();
    expect(new Set(await bells())).toEqual(new Set(connections.map(bellOf)));
    await services.redis?.flush();
    await heal.runOnce();
    expect(await bells()).toHaveLength(2);
    await heal.runOnce();
    expect(events).toEqual(['schedules.healed', 'schedules.healed', 'schedules.healed']);
  });

  test('replaces one that rings to another rhythm', async () => {
    const connectionId = await scheduled(3_600_000);
    const payload = { connectionId };
    const timing = { cron: '0 0 1 1 *', timezone: 'UTC' };
    await engine.queues.upsertScheduler({ name: 'schedule-tick', payload, timing });
    await worker().heal.runOnce();
    const [state] = await engine.queues.listSchedulers('schedule-tick');
    expect(state?.rhythm).toMatch(/^every 60 s/);
  });

  test('of several at once leaves one scheduler for each schedule', async () => {
    await scheduled(3_600_000);
    await Promise.all([worker(), worker(), worker()].map(({ heal }) => heal.runOnce()));
    expect(await bells()).toHaveLength(1);
  });
});

describe('the check for due ticks', () => {
  test('takes what is overdue and leaves the rest to the bell', async () => {
    const [overdue, fresh] = [await scheduled(-1_500), await scheduled(3_600_000)];
    const { check, events } = worker();
    await check.runOnce();
    await check.runOnce();
    expect(events).toEqual(['schedule.ticked']);
    expect(await scheduleOf(overdue)).toMatchObject({ ticksStarted: 1 });
    expect(await scheduleOf(fresh)).toMatchObject({ ticksStarted: 0 });
  });

  test('starts the sync although the queue is away, and leaves its first page to the outbox relay', async () => {
    const connectionId = await scheduled(-1_500);
    const { check, errors } = worker({ add: () => Promise.reject(new QueueUnavailableError('add')) });
    await check.runOnce();
    const { lastSyncId } = (await scheduleOf(connectionId)) ?? {};
    const rows = await engine.db
      .sql`SELECT 1 FROM outbox WHERE payload->'payload'->>'syncId' = ${lastSyncId ?? ''}`;
    expect(rows).toHaveLength(1);
    expect(errors).toEqual([]);
  });

  test('is not kept by one schedule that cannot tick from the others', async () => {
    const [broken, sound] = [await scheduled(-5_000), await scheduled(-1_500)];
    await engine.db.sql`
      UPDATE sync_schedules SET every_seconds = NULL, cron = '0 0 30 2 *', timezone = 'UTC'
      WHERE connection_id = ${broken}`;
    const { check, errors } = worker();
    await check.runOnce();
    expect(await scheduleOf(sound)).toMatchObject({ ticksStarted: 1 });
    expect(errors.map(String)).toEqual([expect.stringContaining('no time to come')]);
  });
});

describe('the bell', () => {
  test('is sent back when it rings early by another clock, and heard when the tick is due', async () => {
    const { ring } = worker();
    const [soon, until] = await eventually(async () => {
      const connectionId = await scheduled(3_000);
      const outcome = await ring(connectionId);
      if (outcome.kind !== 'wait') throw new Error('the machine slept for three seconds');
      return [connectionId, outcome.until] as const;
    });
    expect(until.getTime() - Date.now()).toBeLessThanOrEqual(3_000);
    expect(await scheduleOf(soon)).toMatchObject({ ticksStarted: 0 });
    expect(await ring(await scheduled(3_600_000))).toEqual({ kind: 'done' });
    const due = await scheduled(0);
    expect(await ring(due)).toEqual({ kind: 'done' });
    expect(await scheduleOf(due)).toMatchObject({ ticksStarted: 1 });
  });

  test('of a schedule that is gone is taken down', async () => {
    const connectionId = await scheduled(0);
    const { heal, ring } = worker();
    await heal.runOnce();
    await engine.db.sql`DELETE FROM sync_schedules`;
    expect(await ring(connectionId)).toEqual({ kind: 'done' });
    expect(await bells()).toEqual([]);
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.ts';
import { sharedRedisUrl, startRedis, type TestRedis } from '../../../test/support/redis.ts';
import { openQueues, QueueUnavailableError } from '../src/index.ts';
import { gate, pageJob, recordingLogger, Stage } from './harness.ts';
import { queueSuite } from './queue-suite.ts';

/** Nothing may go there: with Redis the database is not touched. */
const NO_DATABASE = 'postgres://nobody@127.0.0.1:1/none';
const DONE = { kind: 'done' } as const;
/** Two seconds, on a machine that is as busy as it may be. */
const SOON_MS = 30_000;

let shared = '';
beforeAll(async () => {
  shared = await sharedRedisUrl();
});

queueSuite('redis', () => ({ redisUrl: shared, databaseUrl: NO_DATABASE, prefix: `test-${randomUUID()}` }));

describe('a Redis of its own', () => {
  let redis: TestRedis;
  let stage: Stage;
  beforeAll(async () => {
    redis = await startRedis();
  });
  beforeEach(async () => {
    stage = await Stage.open({
      redisUrl: redis.url,
      databaseUrl: NO_DATABASE,
      prefix: `test-${randomUUID()}`,
      callMs: 5_000,
    });
  });
  afterEach(() => stage.close());
  afterAll(() => redis.stop());

  describe('that is emptied', () =>
    emptied(
      () => stage,
      () => redis,
    ));
  describe('that goes away', () =>
    away(
      () => stage,
      () => redis,
    ));
});

test('opened while Redis is away: calls are refused, not kept', async () => {
  const logger = recordingLogger();
  const redisUrl = 'redis://127.0.0.1:1';
  const queues = await openQueues({ redisUrl, databaseUrl: NO_DATABASE, logger });
  try {
    const asked = Date.now();
    await expect(queues.add(pageJob())).rejects.toThrow(QueueUnavailableError);
    await expect(queues.status()).rejects.toThrow(QueueUnavailableError);
    expect(Date.now() - asked).toBeLessThan(SOON_MS);
  } finally {
    await queues.close();
  }
});

function emptied(its: () => Stage, theRedis: () => TestRedis): void {
  test('E4: FLUSHALL while a job runs is survived, and logged once for the job', async () => {
    const hold = gate();
    const { seen, worker } = await its().worker(async ({ seq }) => {
      await (seq === 1 ? hold.opened : undefined);
      return DONE;
    });
    await its().queues.add(pageJob({ seq: 1 }));
    await eventually(() => expect(seen).toHaveLength(1));
    await theRedis().flush();
    // The lock is renewed each second: the loss shows while the job runs, and again when it ends.
    await eventually(() => expect(its().errors.map(String).join()).toContain('could not renew lock'));
    hold.open();
    await eventually(() => expect(its().errors.map(String).join()).toContain('Missing key for job'));
    await its().queues.add(pageJob({ seq: 2 }));
    await eventually(() => expect(seen.map((run) => run.seq)).toEqual([1, 2]));
    expect(worker.running).toBe(true);
    const about = its().logger.lines.filter((line) => line.message.includes('no longer holds this job'));
    expect(about).toHaveLength(1);
    expect(its().logger.lines.filter((line) => line.level === 'error')).toEqual([]);
  });

  test('E4: a wait of a job whose keys vanished is nothing to fail over', async () => {
    const hold = gate();
    const { seen } = await its().worker(async ({ seq }) => {
      await (seq === 1 ? hold.opened : undefined);
      return seq === 1 ? { kind: 'wait', until: new Date() } : DONE;
    });
    await its().queues.add(pageJob({ seq: 1 }));
    await eventually(() => expect(seen).toHaveLength(1));
    await theRedis().flush();
    hold.open();
    await its().queues.add(pageJob({ seq: 2 }));
    await eventually(() => expect(seen.map((run) => run.seq)).toEqual([1, 2]));
    expect(await its().status()).toMatchObject({ failed: 0, delayed: 0 });
  });
}

function away(its: () => Stage, theRedis: () => TestRedis): void {
  test('E4: Redis killed and back empty: calls are refused in time, then workers go on', async () => {
    const { seen } = await its().worker(() => DONE);
    await its().queues.add(pageJob({ seq: 1 }));
    await eventually(() => expect(seen).toHaveLength(1));
    await theRedis().kill();
    const asked = Date.now();
    await expect(its().queues.add(pageJob({ seq: 2 }))).rejects.toThrow(QueueUnavailableError);
    expect(Date.now() - asked).toBeLessThan(SOON_MS);
    await expect(its().queues.ping()).rejects.toMatchObject({ code: 'queue_unavailable' });
    await theRedis().restart();
    await eventually(() => its().queues.add(pageJob({ seq: 3 })));
    await eventually(() => expect(seen.map((run) => run.seq)).toContain(3));
    expect(its().logger.lines.filter((line) => line.level === 'error')).toEqual([]);
  });

  test('a job that ends while Redis is away is finished when it is back, without another attempt', async () => {
    const hold = gate();
    const { seen } = await its().worker(async () => {
      await hold.opened;
      return { kind: 'wait', until: new Date(Date.now() + 60_000) };
    });
    await its().queues.add(pageJob({ seq: 1 }));
    await eventually(() => expect(seen).toHaveLength(1));
    await theRedis().kill();
    hold.open();
    await theRedis().restart();
    await its()
      .queues.add(pageJob({ seq: 2 }))
      .catch(() => undefined);
    await eventually(() => its().queues.add(pageJob({ seq: 3 })));
    await eventually(() => expect(seen.map((run) => run.seq)).toContain(3));
    expect(seen.every((run) => run.attemptsMade === 0)).toBe(true);
  });

  test('stop returns soon while Redis is away, and the worker can start again', async () => {
    const { worker, seen } = await its().worker(() => DONE);
    await theRedis().kill();
    const asked = Date.now();
    await worker.stop({ graceMs: 10 * SOON_MS });
    expect(Date.now() - asked).toBeLessThan(SOON_MS);
    await worker.start();
    await theRedis().restart();
    await eventually(() => its().queues.add(pageJob({ seq: 4 })));
    await eventually(() => expect(seen.map((run) => run.seq)).toEqual([4]));
  });
}

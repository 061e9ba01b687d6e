import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.ts';
import { InvalidJobError } from '../src/index.ts';
import { gate, idOf, type Place, pageJob, Stage } from './harness.ts';
import { crashes, restarting, stopping } from './lifecycle-suite.ts';
import { outcomes } from './outcome-suite.ts';
import { raising } from './raise-suite.ts';
import { schedulers } from './scheduler-suite.ts';

const DONE = { kind: 'done' } as const;

/** What the queue promises on either backend. */
export function queueSuite(backend: 'redis' | 'postgres', place: () => Place): void {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open(place());
  });
  afterEach(async () => {
    await stage.close();
  });
  describe('producers', () => {
    test('know their backend', () => {
      expect(stage.queues.backend).toBe(backend);
    });
    producers(() => stage);
  });
  describe('looking up and counting', () => lookups(() => stage));
  describe('outcomes', () => outcomes(() => stage));
  describe('raising', () => raising(() => stage));
  describe('schedulers', () => schedulers(() => stage));
  describe('stopping', () => {
    stopping(() => stage);
    restarting(() => stage);
  });
  describe('crashes', () => crashes(() => stage));
}

function producers(stage: () => Stage): void {
  test('add is idempotent by job id', async () => {
    const job = pageJob();
    await stage().queues.add(job);
    await stage().queues.addMany([job, job, pageJob({ seq: 1 })]);
    expect((await stage().status()).waiting).toBe(2);
  });

  test('a retained finished job does not swallow the next pickup', async () => {
    const job = pageJob();
    const { seen } = await stage().worker(() => DONE);
    await stage().queues.add(job);
    await eventually(async () => expect(await stage().queues.isQueued(job.name, job.payload)).toBe(false));
    const again = { ...job, payload: { ...job.payload, pickup: 1 } };
    await stage().queues.add(again);
    await eventually(() => expect(seen.map((run) => run.jobId)).toEqual([idOf(job), idOf(again)]));
  });

  test('refuses a payload or priority that does not fit', async () => {
    const job = pageJob();
    await expect(stage().queues.add({ ...job, payload: { ...job.payload, seq: -1 } })).rejects.toThrow(
      InvalidJobError,
    );
    await expect(stage().queues.add({ ...job, priority: 0 })).rejects.toThrow(InvalidJobError);
    expect((await stage().status()).waiting).toBe(0);
  });

  test('E21: a smaller priority is served first, equals in order of arrival', async () => {
    const priorities = [9, 2, 5, 2, 1];
    await stage().queues.addMany(priorities.map((priority, seq) => pageJob({ seq, priority })));
    const { seen } = await stage().worker(() => DONE);
    await eventually(() => expect(seen.map((run) => run.seq)).toEqual([4, 1, 3, 2, 0]));
  });

  test('a delayed job is not taken early', async () => {
    const { seen } = await stage().worker(() => DONE);
    const added = Date.now();
    await stage().queues.addMany([pageJob({ seq: 1, delayMs: 600 }), pageJob({ seq: 2 })]);
    await eventually(() => expect(seen.map((run) => run.seq)).toEqual([2, 1]));
    expect(seen[1]?.at).toBeGreaterThanOrEqual(added + 600);
  });

  test('closing is idempotent, and calls afterwards are refused', async () => {
    await stage().queues.close();
    await stage().queues.close();
    await expect(stage().queues.ping()).rejects.toMatchObject({ code: 'queue_unavailable' });
  });
}

function lookups(stage: () => Stage): void {
  test('isQueued tells waiting, delayed and active from finished and unknown', async () => {
    const { queues } = stage();
    const hold = gate();
    const jobs = { active: pageJob({ seq: 1, priority: 1 }), waiting: pageJob({ seq: 2, priority: 2 }) };
    const delayed = pageJob({ seq: 3, delayMs: 60_000 });
    const failed = pageJob({ seq: 4, priority: 3 });
    await queues.addMany([jobs.active, jobs.waiting, delayed, failed]);
    const { seen } = await stage().worker(async ({ seq }) => {
      await hold.opened;
      return seq === 4 ? { kind: 'fail', reason: 'no use' } : DONE;
    });
    await eventually(() => expect(seen).toHaveLength(1));
    const all = [jobs.active, jobs.waiting, delayed, failed, pageJob()];
    const ids = [jobs.active, jobs.waiting, delayed, failed].map(idOf);
    expect(await queues.whichQueued(all)).toEqual(new Set(ids));
    const undelayed = ids.filter((id) => id !== idOf(delayed));
    expect(await queues.whichQueued(all, { delayed: false })).toEqual(new Set(undelayed));
    hold.open();
    await eventually(async () => expect(await queues.whichQueued(all)).toEqual(new Set([idOf(delayed)])));
    expect(await queues.isQueued('sync-page', delayed.payload)).toBe(true);
    expect(await queues.isQueued('sync-page', failed.payload)).toBe(false);
  });

  test('whichQueued takes several hundred ids', async () => {
    const known = Array.from({ length: 600 }, (_value, seq) => pageJob({ seq }));
    await stage().queues.addMany(known);
    const unknown = known.map((job) => ({ ...job, payload: { ...job.payload, pickup: 7 } }));
    expect((await stage().queues.whichQueued([...known, ...unknown])).size).toBe(600);
  });

  test('E25: status counts by state and tells the age of the oldest waiting job', async () => {
    const hold = gate();
    const { seen } = await stage().worker(async ({ seq }) => {
      await hold.opened;
      return seq === 2 ? { kind: 'fail', reason: 'no use' } : DONE;
    });
    await stage().queues.add(pageJob({ seq: 1 }));
    await eventually(() => expect(seen).toHaveLength(1));
    await stage().queues.addMany([pageJob({ seq: 2, priority: 1 }), pageJob({ seq: 3, priority: 7 })]);
    await stage().queues.add(pageJob({ seq: 4, delayMs: 60_000 }));
    const busy = await stage().status();
    expect(busy).toMatchObject({ queue: 'sync', waiting: 2, active: 1, delayed: 1, failed: 0 });
    await eventually(async () =>
      expect((await stage().status()).oldestWaitingSeconds).toBeGreaterThan(busy.oldestWaitingSeconds ?? 0),
    );
    hold.open();
    await eventually(async () =>
      expect(await stage().status()).toEqual({
        queue: 'sync',
        waiting: 0,
        active: 0,
        delayed: 1,
        failed: 1,
        oldestWaitingSeconds: null,
      }),
    );
  });

  test('Bull Board gets one queue for each name', () => {
    expect(
      stage()
        .queues.boardQueues()
        .map((queue) => queue.name),
    ).toEqual(['webhook', 'sync', 'daily', 'system']);
  });
}

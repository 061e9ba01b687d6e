import { expect, test } from '@jest/globals';
import { eventually, until } from '../../../test/support/eventually.ts';
import { gate, idOf, pageJob, type Stage } from './harness.ts';

const DONE = { kind: 'done' } as const;

/** Jobs that wait are put forward. */
export function raising(stage: () => Stage): void {
  const orderOf = async (count: number) => {
    const { seen } = await stage().worker(() => DONE);
    await eventually(() => expect(seen).toHaveLength(count));
    return seen.map((run) => run.seq);
  };

  test('E21: a raised job goes behind those of its new rank, and before all others', async () => {
    const [low, ...others] = [9, 4, 4, 5].map((priority, seq) => pageJob({ seq, priority }));
    if (low === undefined) throw new Error('there is no job');
    await stage().queues.addMany([low, ...others]);
    expect(await stage().queues.raise([{ ...low, priority: 4 }])).toEqual([idOf(low)]);
    expect(await orderOf(4)).toEqual([1, 2, 0, 3]);
  });

  test('one that has the rank already, or a better one, stays where it is', async () => {
    const jobs = [4, 4, 2].map((priority, seq) => pageJob({ seq, priority }));
    await stage().queues.addMany(jobs);
    expect(await stage().queues.raise(jobs.map((job) => ({ ...job, priority: 4 })))).toEqual([]);
    expect(await orderOf(3)).toEqual([2, 0, 1]);
  });

  test('a delayed job is not taken earlier for it, and has its new rank when it is due', async () => {
    const hold = gate();
    const delayed = pageJob({ seq: 9, priority: 9, delayMs: 300 });
    const { seen } = await stage().worker(async ({ seq }) => {
      await (seq === 0 ? hold.opened : undefined);
      return DONE;
    });
    await stage().queues.addMany([pageJob({ seq: 0 }), delayed]);
    await eventually(() => expect(seen).toHaveLength(1));
    await stage().queues.raise([{ ...delayed, priority: 1 }]);
    expect((await stage().status()).delayed).toBe(1);
    // A job that comes due is noticed when the worker looks again, which it does when its slot is free.
    await stage().queues.addMany([pageJob({ seq: 1, priority: 5, delayMs: 300 })]);
    await until(Date.now() + 300);
    hold.open();
    await eventually(() => expect(seen.map((run) => run.seq)).toEqual([0, 9, 1]));
  });

  test('finished, running and unknown jobs are none of its business', async () => {
    const hold = gate();
    const [finished, running] = [pageJob({ seq: 0, priority: 1 }), pageJob({ seq: 1, priority: 9 })];
    const { seen } = await stage().worker(async ({ seq }) => {
      await (seq === 1 ? hold.opened : undefined);
      return DONE;
    });
    await stage().queues.addMany([finished, running]);
    await eventually(() => expect(seen).toHaveLength(2));
    await stage().queues.raise([finished, running, pageJob()].map((job) => ({ ...job, priority: 1 })));
    hold.open();
    await eventually(async () => expect(await stage().status()).toMatchObject({ waiting: 0, active: 0 }));
    expect(seen.map((run) => run.seq)).toEqual([0, 1]);
  });

  test('E25: the oldest waiting job is found also when it was raised behind younger ones', async () => {
    const old = pageJob({ seq: 0, priority: 9 });
    await stage().queues.add(old);
    const since = (await stage().status()).oldestWaitingSeconds ?? 0;
    await eventually(async () => {
      await stage().queues.add(pageJob({ priority: 4 }));
      expect((await stage().status()).oldestWaitingSeconds).toBeGreaterThan(since + 0.2);
    });
    const before = (await stage().status()).oldestWaitingSeconds;
    await stage().queues.raise([{ ...old, priority: 4 }]);
    expect((await stage().status()).oldestWaitingSeconds).toBeGreaterThanOrEqual(before ?? 0);
  });
}

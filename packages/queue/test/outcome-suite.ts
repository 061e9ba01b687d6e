import { expect, test } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.ts';
import { idOf, pageJob, type Stage } from './harness.ts';

const DONE = { kind: 'done' } as const;

/** What becomes of a job after each outcome of its handler. */
export function outcomes(stage: () => Stage): void {
  test('E8: wait puts the job back until then and spends no attempt', async () => {
    let until = 0;
    const { seen } = await stage().worker(() => {
      if (until > 0) {
        return DONE;
      }
      until = Date.now() + 400;
      return { kind: 'wait', until: new Date(until) };
    });
    await stage().queues.add(pageJob());
    await eventually(() => expect(seen.map((run) => run.attemptsMade)).toEqual([0, 0]));
    expect(seen[1]?.at).toBeGreaterThanOrEqual(until);
  });

  test('waiting frees the slot for the next job', async () => {
    const until = new Date(Date.now() + 60_000);
    const { seen } = await stage().worker(({ seq }) => (seq === 1 ? { kind: 'wait', until } : DONE));
    await stage().queues.addMany([pageJob({ seq: 1, priority: 1 }), pageJob({ seq: 2, priority: 2 })]);
    await eventually(() => expect(seen.map((run) => run.seq)).toEqual([1, 2]));
  });

  test('E8: retry spends an attempt and comes back after its own delay', async () => {
    const { seen } = await stage().worker(({ attemptsMade }) =>
      attemptsMade < 2
        ? { kind: 'retry', delayMs: 300 * (attemptsMade + 1), reason: 'source is slow' }
        : DONE,
    );
    await stage().queues.add(pageJob());
    await eventually(() => expect(seen.map((run) => run.attemptsMade)).toEqual([0, 1, 2]));
    const [first = 0, second = 0, third = 0] = seen.map((run) => run.at);
    expect(second - first).toBeGreaterThanOrEqual(300);
    expect(third - second).toBeGreaterThanOrEqual(600);
  });

  test('a retry without delay comes back at once', async () => {
    const { seen } = await stage().worker(({ attemptsMade }) =>
      attemptsMade < 3 ? { kind: 'retry', delayMs: 0, reason: 'again' } : DONE,
    );
    await stage().queues.add(pageJob());
    await eventually(() => expect(seen).toHaveLength(4));
  });

  test('E8: fail is final', async () => {
    const job = pageJob();
    const { seen } = await stage().worker(() => ({ kind: 'fail', reason: 'no use' }));
    await stage().queues.add(job);
    await eventually(async () =>
      expect(await stage().status()).toMatchObject({ failed: 1, waiting: 0, active: 0 }),
    );
    expect(seen).toHaveLength(1);
  });

  test('an exception of a handler is logged with its stack and tried again', async () => {
    const { seen } = await stage().worker(({ attemptsMade }) => {
      if (attemptsMade === 0) {
        throw new TypeError('a bug');
      }
      return DONE;
    });
    const job = pageJob();
    await stage().queues.add(job);
    await eventually(() => expect(seen.map((run) => run.attemptsMade)).toEqual([0, 1]));
    const line = stage().logger.lines.find((entry) => entry.level === 'error');
    expect(line?.fields).toMatchObject({
      jobId: idOf(job),
      stack: expect.stringContaining('TypeError: a bug'),
    });
  });
}

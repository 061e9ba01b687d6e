import { expect, test } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.ts';
import { startProgram } from '../../../test/support/processes.ts';
import { openWorker, type QueueWorker } from '../src/index.ts';
import { gate, pageJob, recordingLogger, type Stage } from './harness.ts';

const DONE = { kind: 'done' } as const;

/** How a worker stops, and starts again. */
export function stopping(stage: () => Stage): void {
  test('O8: stop waits for the running job and takes no other', async () => {
    const hold = gate();
    const { worker, seen } = await stage().worker(async () => {
      await hold.opened;
      return DONE;
    });
    const jobs = [pageJob({ seq: 1 }), pageJob({ seq: 2 })];
    await stage().queues.addMany(jobs);
    await eventually(() => expect(seen).toHaveLength(1));
    const stopped = worker.stop({ graceMs: 10_000 });
    expect(worker.running).toBe(false);
    hold.open();
    await stopped;
    expect(await stage().status()).toMatchObject({ waiting: 1, active: 0 });
    expect(seen).toHaveLength(1);
  });

  test('the signal aborts when the grace is over, and the job is put back', async () => {
    const { worker, seen } = await stage().worker(async (_run, signal) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => resolve());
      await promise;
      return { kind: 'wait', until: new Date() };
    });
    await stage().queues.add(pageJob());
    await eventually(() => expect(seen).toHaveLength(1));
    await worker.stop({ graceMs: 100 });
    await eventually(async () => {
      const { active, waiting, delayed } = await stage().status();
      expect({ active, ready: waiting + delayed }).toEqual({ active: 0, ready: 1 });
    });
  });

  test('stop returns although a handler ignores its signal', async () => {
    const { worker, seen } = await stage().worker(() => Promise.withResolvers<never>().promise);
    await stage().queues.add(pageJob());
    await eventually(() => expect(seen).toHaveLength(1));
    await worker.stop({ graceMs: 100 });
  });
}

/** Start and stop in any order and number. */
export function restarting(stage: () => Stage): void {
  test('start and stop are idempotent in any order', async () => {
    const logger = recordingLogger();
    const options = { ...stage().place, queue: 'sync', concurrency: 2, logger } as const;
    let ran = 0;
    const worker: QueueWorker = openWorker({
      ...options,
      handlers: {
        'sync-page': async () => {
          ran += 1;
          return DONE;
        },
      },
    });
    await worker.stop({ graceMs: 0 });
    for (let round = 0; round < 8; round += 1) {
      const calls = [
        worker.start(),
        worker.start(),
        worker.stop({ graceMs: 500 }),
        worker.stop({ graceMs: 0 }),
      ];
      await Promise.all(round % 2 === 0 ? calls : [...calls, worker.start()]);
      expect(worker.running).toBe(round % 2 === 1);
    }
    await stage().queues.add(pageJob());
    await eventually(() => expect(ran).toBe(1));
    await Promise.all([worker.stop({ graceMs: 500 }), worker.stop({ graceMs: 500 })]);
    expect(worker.running).toBe(false);
    expect(logger.lines.filter((line) => line.level === 'error')).toEqual([]);
  });
}

/** How a worker is missed. */
export function crashes(stage: () => Stage): void {
  test('E4: the job of a worker killed with SIGKILL is handed out again', async () => {
    const { redisUrl = '', databaseUrl, prefix } = stage().place;
    const args = [redisUrl, databaseUrl, prefix];
    const doomed = await startProgram('packages/queue/test/worker-child.ts', { args });
    await stage().queues.add(pageJob({ seq: 3 }));
    await doomed.waitForLine(/^took 3$/);
    const { seen } = await stage().worker(() => DONE);
    await doomed.kill();
    await eventually(() => expect(seen.map((run) => run.attemptsMade)).toEqual([0]));
    expect(stage().logger.lines.map((line) => line.message)).toContainEqual(
      expect.stringContaining('worker died'),
    );
  });
}

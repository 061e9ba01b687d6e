import type { QueueName } from '@tidemark/core/queue';
import type { Job, Queue } from 'bullmq';

export interface QueueStatus {
  queue: QueueName;
  /** Ready to be taken, in any priority. */
  waiting: number;
  active: number;
  delayed: number;
  /** Failed for good and not yet forgotten. */
  failed: number;
  /** How long the oldest ready job has been due, in seconds; null when none waits. */
  oldestWaitingSeconds: number | null;
}

/** The ranks a job of ours can have. Each is first in, first out: without ageing its oldest job is its first. */
const PRIORITIES = Array.from({ length: 64 }, (_value, index) => index + 1);

/** Reads one queue's status. The figures are read one after the other and may differ by jobs that move meanwhile. */
export async function readStatus(name: QueueName, queue: Queue): Promise<QueueStatus> {
  const counts = new Map(
    Object.entries(await queue.getJobCounts('wait', 'prioritized', 'active', 'delayed', 'failed')),
  );
  const count = (state: string): number => counts.get(state) ?? 0;
  // Jobs with a rank wait among the prioritized ones, and in front of them those taken from a lost worker.
  const waiting = count('wait') + count('waiting') + count('prioritized');
  return {
    queue: name,
    waiting,
    active: count('active'),
    delayed: count('delayed'),
    failed: count('failed'),
    oldestWaitingSeconds: waiting === 0 ? null : await oldestWaiting(queue),
  };
}

/** Jobs that were put forward stand at the end of their ranks, which are the first ones: so many are looked at. */
const RAISED_LOOK = 500;

async function oldestWaiting(queue: Queue): Promise<number | null> {
  const perPriority = await queue.getCountsPerPriority(PRIORITIES);
  const firsts: Promise<Job[]>[] = [queue.getWaiting(0, 0)];
  let index = 0;
  for (const priority of PRIORITIES) {
    const count = perPriority[priority] ?? 0;
    if (count > 0) {
      firsts.push(queue.getPrioritized(index, index));
    }
    index += count;
  }
  firsts.push(queue.getPrioritized(0, RAISED_LOOK - 1));
  const jobs = (await Promise.all(firsts)).flat();
  const due = jobs.map((job) => job.timestamp + (job.opts.delay ?? 0));
  return due.length === 0 ? null : Math.max(0, Date.now() - Math.min(...due)) / 1_000;
}

import type { Queue } from 'bullmq';
import { ErrorCode } from 'bullmq';

/** A job that waits, and the rank it is to have. */
export interface Raise {
  id: string;
  priority: number;
}

/** Jobs asked for at once: they share the round trips of the connection. */
const AT_ONCE = 50;

/**
 * Gives waiting jobs a smaller number, each behind those that wait with it already. A job that has it, or a smaller one,
 * stays where it is: to be moved again would send it to the end of its rank each time. Returns the ids that were moved.
 */
export async function raise(queue: Queue, raises: readonly Raise[]): Promise<string[]> {
  const moved: string[] = [];
  for (let from = 0; from < raises.length; from += AT_ONCE) {
    const batch = raises.slice(from, from + AT_ONCE);
    const results = await Promise.all(batch.map((one) => raiseOne(queue, one)));
    moved.push(...batch.flatMap(({ id }, index) => (results[index] === true ? [id] : [])));
  }
  return moved;
}

async function raiseOne(queue: Queue, { id, priority }: Raise): Promise<boolean> {
  const job = await queue.getJob(id);
  if (job === undefined || job.priority <= priority) return false;
  try {
    await job.changePriority({ priority });
    return true;
  } catch (error) {
    // Finished and forgotten meanwhile.
    if (error instanceof Error && 'code' in error && error.code === ErrorCode.JobNotExist) return false;
    throw error;
  }
}

import { type IQueueBackend, Worker } from 'bullmq';

/** A BullMQ worker that can be left behind with jobs that never end. */
export class AbandonableWorker<B extends IQueueBackend, C> extends Worker<
  unknown,
  void,
  string,
  B,
  number,
  C
> {
  /**
   * Stops renewing the locks of what still runs, so that others get those jobs, and lets go of the connections.
   * BullMQ's own `close` does neither before the last job ended. Does nothing after a complete `close`.
   */
  async abandon(): Promise<void> {
    await this.lockManager.close();
    await this.backend.close(true);
  }
}

import { hash } from 'node:crypto';
import { ProblemError } from '@tidemark/core/errors';
import { type Database, type DeliveryJob, type ReceivedDelivery, storeDeliveries } from '@tidemark/db';
import type { FastifyBaseLogger } from 'fastify';
import type { Queues } from '@tidemark/queue';
import { createGroupWriter, OverloadedError } from './group-writer.ts';

/** Where deliveries are taken in. */
export interface Inbox {
  /**
   * Resolves when the body is durable. The same body again is known already, and is fine. Throws ProblemError
   * (`service_unavailable`) when it is not known to be stored: the sender has to send it again.
   */
  accept(source: string, body: Buffer): Promise<void>;
  /** Tells the queue of deliveries that are to be processed, on the side; never fails. */
  handOver(jobs: readonly DeliveryJob[]): void;
}

/** Bodies held in memory until they are stored. */
const HELD_BYTES_MAX = 64 * 1_048_576;
/** An entry without a body is not free either. */
const ITEM_BYTES = 1_024;
const GROUP_MAX = 200;
/** Senders give up after five seconds, and then take it for not received. */
const ANSWER_MS = 4_000;
/**
 * Of more deliveries in a second the queue is not told here but by the check, which is there within a second: telling it
 * costs this process as much as taking a delivery in, and so many wait in line for the workers longer than that.
 */
const TOLD_PER_SECOND = 100;
/** Calls to the queue under way; beyond this the check for due deliveries does it. */
const HAND_OVERS_MAX = 8;
/** Nothing else is in the queue of deliveries. */
const PRIORITY = 1;

/**
 * The inbox of one API process. Bodies that arrive together are stored with one commit. The queue is told of them
 * afterwards and on the side: a queue that is slow or away neither delays an answer nor fills memory, and a delivery it
 * was not told of is found in PostgreSQL by the workers.
 */
export function createInbox(deps: {
  db: Database;
  queues: Pick<Queues, 'addMany'>;
  logger: Pick<FastifyBaseLogger, 'warn'>;
}): Inbox {
  const handOver = createHandOver(deps);
  const mayTell = createAllowance(TOLD_PER_SECOND);
  const writer = createGroupWriter<ReceivedDelivery>({
    write: async (deliveries) => {
      const isToTell = mayTell(deliveries.length);
      const jobs = await storeDeliveries(deps.db, deliveries, isToTell ? undefined : 0);
      if (isToTell) handOver(jobs);
    },
    weigh: (delivery) => delivery.body.length + ITEM_BYTES,
    maxWeight: HELD_BYTES_MAX,
    maxGroup: GROUP_MAX,
  });
  return {
    handOver,
    accept: async (source, body) => {
      const dedupeKey = hash('sha256', body, 'hex');
      try {
        await withinAnswerTime(writer.submit({ source, dedupeKey, body }));
      } catch (error) {
        if (!(error instanceof OverloadedError)) throw error;
        const detail = 'More deliveries wait to be stored than can be held. Send it again.';
        throw new ProblemError('service_unavailable', detail, { cause: error });
      }
    },
  };
}

/** Grants so many a second, and never a part of what is asked for. */
function createAllowance(perSecond: number): (count: number) => boolean {
  let left = perSecond;
  let renewedAt = performance.now();
  return (count) => {
    const now = performance.now();
    if (now - renewedAt >= 1_000) {
      renewedAt = now;
      left = perSecond;
    }
    if (count > left) return false;
    left -= count;
    return true;
  };
}

/** Tells the queue without being waited for. */
function createHandOver({
  queues,
  logger,
}: Pick<Parameters<typeof createInbox>[0], 'queues' | 'logger'>): (jobs: readonly DeliveryJob[]) => void {
  let underWay = 0;
  return (jobs) => {
    if (jobs.length === 0 || underWay >= HAND_OVERS_MAX) return;
    underWay += 1;
    queues
      .addMany(
        jobs.map(({ deliveryId, pickup }) => ({
          name: 'webhook-delivery',
          payload: { deliveryId, pickup },
          priority: PRIORITY,
        })),
      )
      .catch((error: unknown) => {
        logger.warn(
          { err: error, deliveries: jobs.length },
          'deliveries were not enqueued; the workers find them',
        );
      })
      .finally(() => {
        underWay -= 1;
      });
  };
}

/** What is stored after all, later, is known when it is sent again. */
function withinAnswerTime(stored: Promise<void>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    const detail = 'The delivery could not be stored in time. Send it again.';
    reject(new ProblemError('service_unavailable', detail));
  }, ANSWER_MS);
  stored.then(resolve, reject).finally(() => clearTimeout(timer));
  return promise;
}

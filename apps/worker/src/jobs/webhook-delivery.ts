import type { ParsedDelivery } from '@tidemark/core/connector';
import { backoffMs } from '@tidemark/core/failure';
import type { JobPayload } from '@tidemark/core/queue';
import {
  isDatabaseUnavailable,
  isTransientConflict,
  type LoadedDelivery,
  loadDelivery,
  noteDelivery,
  type WebhookSettlement,
  settleWebhookDelivery,
  settleWebhookFailure,
} from '@tidemark/db';
import type { JobHandler, JobOutcome } from '@tidemark/queue';
import type { WorkerDependencies } from '../dependencies.ts';

type DeliveryJob = JobPayload<'webhook-delivery'>;
export type DeliveryDependencies = Pick<
  WorkerDependencies,
  'db' | 'connectors' | 'events' | 'crash' | 'now' | 'random'
>;

/** Attempts at a delivery: about two minutes in all. What fails so often fails because of what it says. */
export const DELIVERY_ATTEMPTS_MAX = 8;
/** How long a job stays away when PostgreSQL is away, or the transaction was a victim of another one. */
const AWAY_MS = 1_000;

/**
 * One delivery of the inbox: load, read, store. A job that comes twice, late, or at two workers at once does nothing the
 * second time: the delivery's row decides.
 */
export function webhookDeliveryHandler(deps: DeliveryDependencies): JobHandler<'webhook-delivery'> {
  return async (job) => {
    try {
      const delivery = await loadDelivery(deps.db, job);
      return delivery === null ? { kind: 'done' } : await processDelivery(deps, job, delivery);
    } catch (error) {
      // Spends no attempt: nothing is wrong with the delivery.
      if (isDatabaseUnavailable(error) || isTransientConflict(error)) {
        return { kind: 'wait', until: new Date(deps.now() + AWAY_MS) };
      }
      throw error;
    }
  };
}

async function processDelivery(
  deps: DeliveryDependencies,
  job: DeliveryJob,
  delivery: LoadedDelivery,
): Promise<JobOutcome> {
  const { source, attempts } = delivery;
  deps.crash('afterDeliveryLoad', attempts);
  let accounts: string[] | null = null;
  try {
    const parsed = read(deps, delivery);
    accounts = parsed.parts.map((part) => part.accountId);
    const settled = await settleWebhookDelivery(deps.db, { ...job, source, attempts }, parsed, deps.crash);
    deps.crash('afterDeliveryCommit', attempts);
    if (settled.kind === 'settled') {
      report(deps, job, source, settled);
      // On the side: what it keeps is only for telling a silence from a quiet account.
      await noteDelivery(deps.db, job.deliveryId, settled.connectionIds).catch(() => undefined);
    }
    return { kind: 'done' };
  } catch (error) {
    if (isDatabaseUnavailable(error) || isTransientConflict(error)) throw error;
    const message = error instanceof Error ? error.message : String(error);
    return await fail(deps, job, delivery, { message, accounts });
  }
}

function read({ connectors }: DeliveryDependencies, { source, body }: LoadedDelivery): ParsedDelivery {
  const reader = connectors.get(source)?.webhook;
  if (reader === undefined) throw new Error(`There is no connector "${source}" that reads deliveries.`);
  return reader.read(new TextDecoder('utf-8', { fatal: true }).decode(body));
}

function report(
  { events }: DeliveryDependencies,
  { deliveryId }: DeliveryJob,
  source: string,
  settled: Extract<WebhookSettlement, { kind: 'settled' }>,
): void {
  for (const conversation of settled.conversations) {
    events.emit('conversation.notified', { deliveryId, ...conversation });
  }
  events.emit('delivery.processed', {
    deliveryId,
    source,
    status: settled.status,
    events: settled.counts.events,
    eventsWritten: settled.counts.written,
    quarantined: settled.counts.quarantined,
    ignored: Object.values(settled.counts.ignored).reduce((sum, count) => sum + count, 0),
    waiting: settled.waiting.length,
  });
}

async function fail(
  deps: DeliveryDependencies,
  job: DeliveryJob,
  { source, attempts }: LoadedDelivery,
  failure: { message: string; accounts: string[] | null },
): Promise<JobOutcome> {
  const attempt = attempts + 1;
  const isLast = attempt >= DELIVERY_ATTEMPTS_MAX;
  const delayMs = backoffMs(attempt, deps.random());
  const retryInMs = isLast ? null : delayMs;
  if ((await settleWebhookFailure(deps.db, job, { ...failure, retryInMs })) === null) return { kind: 'done' };
  const { deliveryId } = job;
  const { message } = failure;
  if (isLast) {
    deps.events.emit('delivery.dead', { deliveryId, source, attempts: attempt, message });
    return { kind: 'fail', reason: message };
  }
  deps.events.emit('delivery.retrying', { deliveryId, source, attempt, message, delayMs });
  return { kind: 'retry', delayMs, reason: message };
}

import { DELIVERY_ATTEMPTS_MAX, FAILING_SECONDS_MAX, retryDelaySeconds } from '@tidemark/core/outgoing';
import { type ClaimedDelivery, claimDeliveries, type DeliveryResult, settleDelivery } from '@tidemark/db';
import type { WorkerDependencies } from '../dependencies.ts';
import { type SendOutcome, sendEvent } from '../outgoing/send-event.ts';
import { type PeriodicOptions, periodicService, type Service } from './periodic-service.ts';

/** An answer has to come within this: the specification asks for 15 to 30 seconds. */
const TIMEOUT_MS = 15_000;
/** An attempt whose process died is begun anew after this. Longer than an attempt takes. */
const CLAIM_SECONDS = 60;
const EVERY_MS = 1_000;
/** Attempts under way at once in this process, and how many of them at one subscriber. */
const PLACES = 32;
const PLACES_PER_SUBSCRIBER = 4;

type Dependencies = Pick<WorkerDependencies, 'db' | 'keyring' | 'events' | 'now' | 'random'>;

/**
 * Sends what happened to those who subscribed to it: at least once, in order within a subject. A round begins attempts
 * for the places that are free and does not wait for their ends, so that a subscriber who answers slowly holds up
 * nobody else; the end of an attempt begins what waited behind it.
 */
export function eventDelivery(
  deps: Dependencies,
  settings: { allowInternal: boolean },
  onError: PeriodicOptions['onError'],
): Service {
  const name = 'event-delivery';
  /** Attempts under way, with their subscribers. */
  const underWay = new Map<Promise<void>, string>();
  let stopping = new AbortController();
  let claiming: Promise<void> | undefined;

  const begin = (delivery: ClaimedDelivery): void => {
    const done = attempt(deps, settings, delivery, stopping.signal)
      .catch((error: unknown) => onError(name, error))
      .finally(() => {
        underWay.delete(done);
        claim().catch((error: unknown) => onError(name, error));
      });
    underWay.set(done, delivery.subscriberId);
  };

  const claimNow = async (): Promise<void> => {
    if (stopping.signal.aborted || underWay.size >= PLACES) return;
    const claimed = await claimDeliveries(deps.db, {
      limit: PLACES - underWay.size,
      perSubscriber: PLACES_PER_SUBSCRIBER,
      except: fullSubscribers(underWay.values()),
      claimSeconds: CLAIM_SECONDS,
    });
    for (const delivery of claimed) begin(delivery);
  };

  const claim = (): Promise<void> => {
    claiming ??= claimNow().finally(() => {
      claiming = undefined;
    });
    return claiming;
  };

  const settled = async (): Promise<void> => {
    await claiming?.catch(() => {});
    await Promise.all(underWay.keys());
  };

  const rounds = periodicService({ name, everyMs: EVERY_MS, round: claim, onError });
  return {
    ...rounds,
    runOnce: async () => {
      do {
        await claim();
        await settled();
      } while (underWay.size > 0 || claiming !== undefined);
    },
    start: () => {
      if (stopping.signal.aborted) stopping = new AbortController();
      rounds.start();
    },
    stop: async () => {
      stopping.abort();
      await rounds.stop();
      await settled();
    },
  };
}

async function attempt(
  deps: Dependencies,
  settings: { allowInternal: boolean },
  delivery: ClaimedDelivery,
  signal: AbortSignal,
): Promise<void> {
  const { keyring, now } = deps;
  const options = { keyring, timeoutMs: TIMEOUT_MS, now: new Date(now()), signal, ...settings };
  const outcome = await sendEvent(delivery, options);
  // Cut off by our own stop: the claim runs out, and another process begins it anew.
  if (outcome.status === null && signal.aborted) return;
  await settle(deps, delivery, outcome);
}

function fullSubscribers(busy: Iterable<string>): string[] {
  const counts = Map.groupBy(busy, (subscriberId) => subscriberId);
  return [...counts].filter(([, places]) => places.length >= PLACES_PER_SUBSCRIBER).map(([id]) => id);
}

async function settle(deps: Dependencies, delivery: ClaimedDelivery, outcome: SendOutcome): Promise<void> {
  const { eventId, subscriberId, attempts } = delivery;
  const result = resultOf(outcome, attempts, deps.random());
  const { disabled } = await settleDelivery(deps.db, delivery, result, FAILING_SECONDS_MAX);
  if (result.kind === 'failed') {
    const { status, error, retryAfterSeconds } = result;
    const fields = { eventId, subscriberId, attempt: attempts, status, message: error };
    deps.events.emit('event.undelivered', { ...fields, retryAfterSeconds });
  }
  if (disabled !== null) deps.events.emit('subscriber.disabled', { subscriberId, message: disabled });
}

/** Any 2xx is taken; all else is tried again, as the specification says, except that 410 ends the subscription. */
function resultOf(outcome: SendOutcome, attempts: number, random: number): DeliveryResult {
  const { status } = outcome;
  if (status !== null && status >= 200 && status < 300) return { kind: 'delivered', status };
  return {
    kind: 'failed',
    status,
    error: outcome.error ?? `It answered ${status}.`,
    retryAfterSeconds: attempts >= DELIVERY_ATTEMPTS_MAX ? null : retryDelaySeconds(attempts, random),
    gone: status === 410,
  };
}

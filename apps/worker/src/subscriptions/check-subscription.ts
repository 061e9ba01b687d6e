import type { AnyConnector, Subscription, SubscriptionStatus } from '@tidemark/core/connector';
import type { Failure } from '@tidemark/core/failure';
import { gapOf, isQuiet, type SourceNews } from '@tidemark/core/subscriptions';
import {
  type CheckResult,
  markSubscriptionLost,
  type SubscriptionCheck,
  settleSubscriptionCheck,
} from '@tidemark/db';
import type { WorkerDependencies } from '../dependencies.ts';
import { handOverPage } from '../jobs/hand-over-page.ts';
import { type Account, openAccount } from '../jobs/page-plan.ts';
import { callSource, pauseBudget } from '../source/call-source.ts';

export type SubscriptionDependencies = Pick<
  WorkerDependencies,
  'db' | 'queues' | 'limiter' | 'connectors' | 'keyring' | 'events' | 'now'
>;

type AnySubscription = Subscription<unknown, unknown>;
type Asked<T> = { kind: 'answer'; answer: T } | { kind: 'failed'; failure: Failure } | { kind: 'refused' };
/** Asks the source of one check one thing. */
type Ask = <T>(
  question: (context: Parameters<AnySubscription['check']>[0]) => Promise<T>,
) => Promise<Asked<T>>;

/** What was found about the subscription itself. */
type Subscribed = Pick<CheckResult, 'isSubscribed' | 'error' | 'isUnfinished'>;

const SUBSCRIBED: Subscribed = { isSubscribed: true, error: null, isUnfinished: false };

/**
 * Carries out one check that was taken: asks whether the source still tells, makes it tell again, and starts a sync when
 * something was missed. Every failure of the source ends in the state of the check; throws the reason of `signal`, what
 * PostgreSQL throws, and bugs.
 */
export async function checkSubscription(
  deps: SubscriptionDependencies,
  check: SubscriptionCheck,
  signal: AbortSignal,
): Promise<void> {
  const account = openAccount(deps, check);
  const connector = deps.connectors.get(check.connector);
  const subscription = connector?.subscription;
  if (connector === undefined || subscription === undefined) return;
  if ('kind' in account) {
    await settle(deps, check, connector, { ...unknown(account), gap: null, newestMs: null });
    return;
  }
  if (!subscription.isWanted(account.config)) return;
  const ask = asker(deps, { account, check, signal });
  const found = await ensureSubscribed(deps, check, subscription, ask);
  if (found === null) return;
  // What is owed for a subscription that ended is paid when there is one again: until then, more is missed.
  const facts = { ...check.facts, owed: found.isSubscribed === true ? found.owed : null };
  const news = isQuiet(facts) ? await ask(subscription.news) : null;
  const known: SourceNews | null = news?.kind === 'answer' ? news.answer : null;
  const trouble = news !== null && news.kind !== 'answer' ? troubleOf(news) : null;
  await settle(deps, check, connector, {
    isSubscribed: found.isSubscribed,
    error: found.error ?? trouble?.error ?? null,
    isUnfinished: found.isUnfinished || trouble?.isUnfinished === true,
    gap: gapOf(facts, known),
    newestMs: known?.newestMs ?? null,
  });
}

/** Null: the check is somebody else's by now. */
async function ensureSubscribed(
  deps: SubscriptionDependencies,
  check: SubscriptionCheck,
  subscription: AnySubscription,
  ask: Ask,
): Promise<(Subscribed & Pick<SubscriptionCheck['facts'], 'owed'>) | null> {
  const { connectionId, facts } = check;
  const asked = await ask(subscription.check);
  if (asked.kind !== 'answer') return { ...troubleOf(asked), owed: facts.owed };
  const status: SubscriptionStatus = asked.answer;
  if (status.missing.length === 0) return { ...SUBSCRIBED, owed: facts.owed };

  const lost = await markSubscriptionLost(deps.db, check);
  if (lost === null) return null;
  if (lost.wasSubscribed) {
    deps.events.emit('subscription.lost', { connectionId, missing: status.missing.join(' ') });
  }
  const renewed = await ask((context) => subscription.renew(context, status));
  if (renewed.kind !== 'answer') return { ...troubleOf(renewed), isSubscribed: false, owed: null };
  deps.events.emit('subscription.renewed', { connectionId });
  return { ...SUBSCRIBED, owed: 'unsubscribed' };
}

function asker(
  deps: SubscriptionDependencies,
  { account, check, signal }: { account: Account; check: SubscriptionCheck; signal: AbortSignal },
): Ask {
  const { config, credentials } = account;
  return async (question) => {
    const outcome = await callSource(deps, { account, pools: check.pools, signal }, (io) =>
      question({ config, credentials, io, signal }),
    );
    if (outcome.kind !== 'failed') return outcome;
    const { pause } = outcome.failure;
    if (pause !== undefined)
      await pauseBudget(deps, { pool: pause.pool, forMs: pause.forMs ?? PAUSE_UNTOLD_MS });
    return outcome;
  };
}

/** When the source refuses and does not say for how long. */
const PAUSE_UNTOLD_MS = 60_000;

function troubleOf(asked: Exclude<Asked<unknown>, { kind: 'answer' }>): Subscribed {
  // Waiting for a place in the budget is no trouble, only a delay.
  return asked.kind === 'refused'
    ? { isSubscribed: null, error: null, isUnfinished: true }
    : unknown(asked.failure);
}

function unknown(failure: Failure): Subscribed {
  const { code, message, action } = failure;
  const error = `${code}: ${message}${action === undefined ? '' : ` ${action}`}`;
  return { isSubscribed: null, error, isUnfinished: false };
}

async function settle(
  deps: SubscriptionDependencies,
  check: SubscriptionCheck,
  connector: AnyConnector,
  result: CheckResult,
): Promise<void> {
  const { connectionId } = check;
  const streams = connector.streams.map((stream) => stream.name);
  const settled = await settleSubscriptionCheck(deps.db, check, result, streams);
  if (settled.kind === 'superseded') return;
  if (result.error !== null)
    deps.events.emit('subscription.unknown', { connectionId, message: result.error });
  if (settled.kind !== 'started') return;
  const { syncId } = settled;
  deps.events.emit('gap.syncStarted', { connectionId, syncId, reason: result.gap ?? '' });
  await handOverPage(deps, syncId, settled.job);
}

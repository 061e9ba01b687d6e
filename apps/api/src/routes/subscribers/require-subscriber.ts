import type { Subscriber } from '@tidemark/core/contracts';
import { ProblemError } from '@tidemark/core/errors';
import { type Database, getSubscriber, type SubscriberTarget } from '@tidemark/db';

export function noSubscriber(): ProblemError {
  return new ProblemError('not_found', 'There is no subscriber with this id.');
}

/** The tenant's subscriber. Throws `not_found`. */
export async function requireSubscriber(db: Database, target: SubscriberTarget): Promise<Subscriber> {
  const subscriber = await getSubscriber(db, target);
  if (subscriber === null) throw noSubscriber();
  return subscriber;
}

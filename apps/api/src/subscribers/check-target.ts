import { ProblemError } from '@tidemark/core/errors';
import { type TargetRefusal, targetRefusal } from '@tidemark/core/outgoing';

const MESSAGES: Readonly<Record<TargetRefusal, string>> = {
  not_a_url: 'must be a URL that begins with https://',
  not_https:
    'must begin with https:// (http:// is for installations with TIDEMARK_ALLOW_INTERNAL_TARGETS=true)',
  has_credentials: 'must not hold a user name or password: deliveries are signed instead',
};

/** Throws `validation_failed` when events cannot be sent to this address. */
export function checkTarget(url: string, allowInternal: boolean): void {
  const refusal = targetRefusal(url, allowInternal);
  if (refusal === null) return;
  const message = MESSAGES[refusal];
  throw new ProblemError('validation_failed', `/url: ${message}`, { errors: [{ pointer: '/url', message }] });
}

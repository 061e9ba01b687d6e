import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { targetRefusal } from '@tidemark/core/outgoing';
import { type ClaimedDelivery, type Keyring, openSecret } from '@tidemark/db';
import { useAgent } from 'request-filtering-agent';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';

export interface SendOptions {
  keyring: Keyring;
  /** An answer that takes longer is none. */
  timeoutMs: number;
  /** Whether addresses of internal networks may be called, for installations that have their receivers there. */
  allowInternal: boolean;
  now: Date;
  /** Ends the attempt: the worker stops. */
  signal: AbortSignal;
}

/** `status` is null where no answer came; `error` says why. */
export type SendOutcome = { status: number; error: null } | { status: null; error: string };

const USER_AGENT = 'Tidemark-Webhooks/1';

/**
 * One attempt, as the Standard Webhooks specification has it: id, time and signature in `webhook-*` headers, the
 * signature (HMAC-SHA256) over `id.timestamp.body`. Never rejects.
 *
 * Redirects are not followed, and the address a name resolves to is checked as the connection is made, so that neither
 * leads into a network that only this machine can reach.
 */
export async function sendEvent(delivery: ClaimedDelivery, options: SendOptions): Promise<SendOutcome> {
  const refusal = targetRefusal(delivery.url, options.allowInternal);
  if (refusal !== null) return { status: null, error: `The address cannot be used: ${refusal}.` };
  try {
    const body = JSON.stringify({
      type: delivery.type,
      timestamp: new Date(delivery.occurredAtMs).toISOString(),
      data: delivery.data,
    });
    const secret = z.string().parse(openSecret(options.keyring, delivery.subscriberId, delivery.secret));
    return { status: await post(delivery, body, new Webhook(secret), options), error: null };
  } catch (error) {
    return { status: null, error: reasonOf(error, options.timeoutMs) };
  }
}

function post(
  { url, eventId }: ClaimedDelivery,
  body: string,
  webhook: Webhook,
  { now, timeoutMs, allowInternal, signal }: SendOptions,
): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'user-agent': USER_AGENT,
    'webhook-id': eventId,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': webhook.sign(eventId, now, body),
  };
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  const agent = useAgent(url, {
    allowPrivateIPAddress: allowInternal,
    allowMetaIPAddress: allowInternal,
    keepAlive: false,
  });
  const until = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  return new Promise<number>((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, agent, signal: until }, (answer) => {
      // What the body says is nobody's business here, and its size is the receiver's choice.
      answer.destroy();
      resolve(answer.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** What is shown to the people who look after the subscriber; names no address of the network inside. */
function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'unknown error';
  if (
    error.name === 'TimeoutError' ||
    (error.cause instanceof Error && error.cause.name === 'TimeoutError')
  ) {
    return `No answer within ${timeoutMs} ms.`;
  }
  return 'code' in error ? `No connection (${String(error.code)}): ${error.message}` : error.message;
}

import { ProblemError } from '@tidemark/core/errors';
import { canonicalJson, sha256Hex } from '@tidemark/core/hashing';
import {
  claimIdempotencyKey,
  type Keyring,
  openSecret,
  releaseIdempotencyKey,
  rememberIdempotentAnswer,
  type StoredAnswer,
  sealSecret,
} from '@tidemark/db';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Api, RouteDependencies } from '../dependencies.ts';
import { tenantOf } from '../http/principal.ts';

/** A request without an answer for this long was lost with its process; its key may be used again. */
const STALE_SECONDS = 60;
/** Answers are replayed for a day. */
const KEEP_SECONDS = 86_400;

const REPLAYED_HEADERS = ['content-type', 'location', 'etag'] as const;

/**
 * `Idempotency-Key` on routes that create: the same request under the same key is carried out once, and its
 * answer repeated. An error is not remembered, as nothing was created: the key is free again.
 *
 * Answers are stored sealed, because that of `POST /v1/keys` holds a key.
 */
export function installIdempotency(app: Api, dependencies: Pick<RouteDependencies, 'db' | 'keyring'>): void {
  app.decorateRequest('idempotencyClaim', null);
  // On these routes alone: the others need not pay for it with each request.
  app.addHook('onRoute', (route) => {
    if (route.config?.idempotent !== true) return;
    route.preHandler = [route.preHandler ?? [], claim].flat();
    route.onSend = [route.onSend ?? [], remember].flat();
  });
  const claim = async (request: FastifyRequest, reply: FastifyReply) => {
    const key = request.headers['idempotency-key'];
    if (typeof key !== 'string') return;
    const identity = { tenantId: tenantOf(request), key, requestHash: hashOf(request) };
    const bounds = { staleSeconds: STALE_SECONDS, keepSeconds: KEEP_SECONDS };
    const outcome = await claimIdempotencyKey(dependencies.db, identity, bounds);
    switch (outcome.kind) {
      case 'first':
        request.idempotencyClaim = { tenantId: identity.tenantId, key, claim: outcome.claim };
        return;
      case 'answered':
        return replay(reply, outcome.answer, openBody(dependencies.keyring, identity, outcome.answer));
      case 'inProgress':
        throw new ProblemError(
          'idempotency_conflict',
          'The first request with this Idempotency-Key is not answered yet. Try again in a moment.',
        );
      case 'otherRequest':
        throw new ProblemError(
          'idempotency_key_reused',
          'This Idempotency-Key was used for another request. Use a new key for each new request.',
        );
    }
  };
  const remember = async (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
    const claimed = request.idempotencyClaim;
    if (claimed === null) return payload;
    request.idempotencyClaim = null;
    try {
      if (reply.statusCode >= 300 || typeof payload !== 'string') {
        await releaseIdempotencyKey(dependencies.db, claimed);
      } else {
        const sealedBody = sealSecret(dependencies.keyring, contextOf(claimed), payload);
        const headers = headersOf(reply);
        await rememberIdempotentAnswer(dependencies.db, claimed, {
          status: reply.statusCode,
          headers,
          sealedBody,
        });
      }
    } catch (error) {
      // What was asked for is done and committed: the caller gets the answer, only its repetition is lost.
      request.log.error({ err: error }, 'the answer could not be kept for its Idempotency-Key');
    }
    return payload;
  };
}

/** What makes two requests the same: method, address and validated body. */
function hashOf(request: FastifyRequest): string {
  return sha256Hex(canonicalJson([request.method, request.url, request.body ?? null]));
}

function contextOf(claimed: { tenantId: string; key: string }): string {
  return `idempotency:${claimed.tenantId}:${claimed.key}`;
}

function openBody(
  keyring: Keyring,
  identity: { tenantId: string; key: string },
  answer: StoredAnswer,
): string {
  const body = openSecret(keyring, contextOf(identity), answer.sealedBody);
  if (typeof body !== 'string') throw new Error('A remembered answer is not a text.');
  return body;
}

function headersOf(reply: FastifyReply): Record<string, string> {
  return Object.fromEntries(
    REPLAYED_HEADERS.flatMap((name) => {
      const value = reply.getHeader(name);
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}

function replay(reply: FastifyReply, answer: StoredAnswer, body: string): FastifyReply {
  return reply.code(answer.status).headers(answer.headers).header('idempotency-replayed', 'true').send(body);
}

import { ProblemError } from '@tidemark/core/errors';
import type { FastifyReply } from 'fastify';
import type { Endpoint, RouteDependencies } from '../../dependencies.ts';
import { checkDeliveryBody } from '../../inbox/check-body.ts';
import { claimedDigest, isSignedBy } from '../../inbox/signature.ts';

const SOURCE = 'messenger';

/**
 * Takes a delivery of Meta's in: signature over the bytes as they came, then whether it is a delivery at all, then stored,
 * then 200. It is read in a worker; a fault of what is in it is none of the sender's concern.
 */
export const postMessengerDelivery: Endpoint = (app, dependencies) => {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // The usual type by its name as well: Fastify takes what only "*" fits apart anew with each request.
    for (const type of ['application/json', '*']) {
      scope.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    }
    scope.route({
      method: 'POST',
      url: '/webhooks/messenger',
      schema: { hide: true },
      // What was taken in is a row with its time.
      config: { quiet: true },
      // Before the body is read: without a signature there is nothing to read it for.
      onRequest: (request, reply, done) => {
        const isSigned = claimedDigest(request.headers['x-hub-signature-256']) !== null;
        if (secretOf(dependencies) === null) done(notConfigured());
        else done(isSigned ? undefined : refused(dependencies, reply, 'form'));
      },
      handler: async (request, reply) => {
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const digest = claimedDigest(request.headers['x-hub-signature-256']);
        const secret = secretOf(dependencies);
        if (secret === null) throw notConfigured();
        if (digest === null || !isSignedBy(secret, body, digest)) {
          throw refused(dependencies, reply, 'mismatch');
        }
        checkBody(dependencies, body);
        await dependencies.inbox.accept(SOURCE, body);
        return reply.type('text/plain').send('EVENT_RECEIVED');
      },
    });
  });
};

function secretOf({ webhooks }: RouteDependencies): string | null {
  return webhooks?.messenger?.appSecret ?? null;
}

function notConfigured(): ProblemError {
  const detail = 'META_APP_SECRET is not set. Set it to the secret of the Meta app, which signs deliveries.';
  return new ProblemError('feature_not_configured', detail);
}

function checkBody({ bus }: RouteDependencies, body: Buffer): void {
  try {
    checkDeliveryBody(body);
  } catch (error) {
    bus.emit('webhook.refused', { source: SOURCE, reason: 'body' });
    throw error;
  }
}

function refused({ bus }: RouteDependencies, reply: FastifyReply, reason: 'form' | 'mismatch'): ProblemError {
  bus.emit('webhook.refused', { source: SOURCE, reason: `signature ${reason}` });
  // No API key would help.
  reply.header('www-authenticate', 'X-Hub-Signature-256');
  const detail =
    'Sign the body as it is sent: "X-Hub-Signature-256: sha256=" and the HMAC-SHA256 in lower-case hex.';
  return new ProblemError('webhook_signature_invalid', detail);
}

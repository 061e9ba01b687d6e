import { ProblemError } from '@tidemark/core/errors';
import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';
import { isSameText } from '../../inbox/signature.ts';

const handshake = z.object({
  'hub.mode': z.literal('subscribe'),
  'hub.verify_token': z.string(),
  'hub.challenge': z.string().max(1_000),
});

/** Meta asks whether the callback URL is ours, and expects its challenge back. */
export const getMessengerHandshake: Endpoint = (app, { webhooks }) => {
  app.route({
    method: 'GET',
    url: '/webhooks/messenger',
    schema: { hide: true },
    handler: async (request, reply) => {
      const token = webhooks?.messenger?.verifyToken;
      if (token === undefined) {
        const detail =
          'META_VERIFY_TOKEN is not set. Set it to the verify token of the webhook subscription.';
        throw new ProblemError('feature_not_configured', detail);
      }
      const parsed = handshake.safeParse(request.query);
      if (!parsed.success || !isSameText(parsed.data['hub.verify_token'], token)) {
        const detail = 'hub.mode must be "subscribe", and hub.verify_token what META_VERIFY_TOKEN says.';
        throw new ProblemError('webhook_verification_failed', detail);
      }
      return reply.type('text/plain').send(parsed.data['hub.challenge']);
    },
  });
};

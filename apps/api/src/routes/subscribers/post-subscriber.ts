import { randomBytes } from 'node:crypto';
import { createdSubscriberSchema, createSubscriberSchema } from '@tidemark/core/contracts';
import { createSubscriber, sealSecret } from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { checkTarget } from '../../subscribers/check-target.ts';
import { idempotencyHeaders, noQuery } from '../schemas.ts';
import { requireSubscriber } from './require-subscriber.ts';

/** The specification asks for 24 to 64 bytes. */
const SECRET_BYTES = 32;

/** Subscribes an address to events. The signing secret is in this answer and nowhere else. */
export const postSubscriber: Endpoint = (app, { db, keyring, allowInternalTargets }) => {
  app.route({
    method: 'POST',
    url: '/v1/subscribers',
    config: { scope: 'admin', idempotent: true },
    schema: {
      operationId: 'createSubscriber',
      tags: ['subscribers'],
      summary: 'Subscribe an address to events',
      description:
        'What happens from now on is sent there, signed after the Standard Webhooks specification, at least once and ' +
        'in order within a subject. The secret is shown this once.',
      headers: idempotencyHeaders,
      querystring: noQuery,
      body: createSubscriberSchema,
      response: { 201: createdSubscriberSchema },
    },
    handler: async (request, reply) => {
      const { url, description, eventTypes } = request.body;
      checkTarget(url, allowInternalTargets);
      const tenantId = tenantOf(request);
      const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
      const subscriberId = await createSubscriber(db, {
        tenantId,
        url,
        description,
        eventTypes,
        seal: (id) => sealSecret(keyring, id, secret),
      });
      const subscriber = await requireSubscriber(db, { tenantId, subscriberId });
      request.log.info({ subscriberId }, 'subscriber created');
      return reply
        .code(201)
        .header('location', `/v1/subscribers/${subscriberId}`)
        .send({ ...subscriber, secret });
    },
  });
};

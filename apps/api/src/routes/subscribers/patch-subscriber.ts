import { patchSubscriberSchema, subscriberSchema } from '@tidemark/core/contracts';
import { updateSubscriber } from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { checkTarget } from '../../subscribers/check-target.ts';
import { idParams, noQuery } from '../schemas.ts';
import { noSubscriber, requireSubscriber } from './require-subscriber.ts';

export const patchSubscriber: Endpoint = (app, { db, allowInternalTargets }) => {
  app.route({
    method: 'PATCH',
    url: '/v1/subscribers/:id',
    config: { scope: 'admin', problems: ['not_found'] },
    schema: {
      operationId: 'updateSubscriber',
      tags: ['subscribers'],
      summary: 'Change, disable or enable a subscriber',
      description:
        'One that is enabled again is sent what was still owed to it. What happened while it was disabled is not kept.',
      params: idParams,
      querystring: noQuery,
      body: patchSubscriberSchema,
      response: { 200: subscriberSchema },
    },
    handler: async (request) => {
      const target = { tenantId: tenantOf(request), subscriberId: request.params.id };
      if (request.body.url !== undefined) checkTarget(request.body.url, allowInternalTargets);
      if (!(await updateSubscriber(db, target, request.body))) throw noSubscriber();
      request.log.info({ subscriberId: target.subscriberId }, 'subscriber changed');
      return requireSubscriber(db, target);
    },
  });
};

import { listOf, pageQuerySchema, subscriberSchema } from '@tidemark/core/contracts';
import { listSubscribers } from '@tidemark/db';
import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';
import { decodeCursor, listBody } from '../../http/cursor.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams, noQuery } from '../schemas.ts';
import { requireSubscriber } from './require-subscriber.ts';

const LIST = 'subscribers';

export const getSubscribers: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/subscribers',
    config: { scope: 'operations:read', problems: ['invalid_cursor'] },
    schema: {
      operationId: 'listSubscribers',
      tags: ['subscribers'],
      summary: 'List subscribers, newest first',
      querystring: pageQuerySchema,
      response: { 200: listOf(subscriberSchema) },
    },
    handler: async (request) => {
      const { limit, cursor } = request.query;
      const after = decodeCursor(LIST, z.uuid(), cursor);
      return listBody(LIST, await listSubscribers(db, { tenantId: tenantOf(request), limit, after }));
    },
  });
};

export const getOneSubscriber: Endpoint = (app, { db }) => {
  app.route({
    method: 'GET',
    url: '/v1/subscribers/:id',
    config: { scope: 'operations:read', problems: ['not_found'] },
    schema: {
      operationId: 'getSubscriber',
      tags: ['subscribers'],
      summary: 'One subscriber',
      params: idParams,
      querystring: noQuery,
      response: { 200: subscriberSchema },
    },
    handler: (request) =>
      requireSubscriber(db, { tenantId: tenantOf(request), subscriberId: request.params.id }),
  });
};

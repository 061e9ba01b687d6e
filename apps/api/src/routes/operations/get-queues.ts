import { queuesSchema } from '@tidemark/core/contracts';
import { countLiveWorkers, listStuckSyncs } from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { noQuery } from '../schemas.ts';

/** A worker that was silent for longer is not counted as alive. */
const ALIVE_SECONDS = 15;
const STUCK_MAX = 100;

export const getQueues: Endpoint = (app, { db, queues }) => {
  app.route({
    method: 'GET',
    url: '/v1/queues',
    config: { scope: 'operations:read' },
    schema: {
      operationId: 'getQueues',
      tags: ['operations'],
      summary: 'Read the queues, the number of workers alive, and which syncs are stuck',
      querystring: noQuery,
      response: { 200: queuesSchema },
    },
    handler: async (request) => {
      const [status, workersAlive, stuckSyncs] = await Promise.all([
        queues.status(),
        countLiveWorkers(db, ALIVE_SECONDS),
        listStuckSyncs(db, { tenantId: tenantOf(request), limit: STUCK_MAX }),
      ]);
      return { backend: queues.backend, workersAlive, queues: status, stuckSyncs };
    },
  });
};

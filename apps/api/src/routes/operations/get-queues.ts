import { queuesSchema } from '@tidemark/core/contracts';
import { countLiveWorkers } from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { noQuery } from '../schemas.ts';

/** A worker that was silent for longer is not counted as alive. */
const ALIVE_SECONDS = 15;

export const getQueues: Endpoint = (app, { db, queues }) => {
  app.route({
    method: 'GET',
    url: '/v1/queues',
    config: { scope: 'operations:read' },
    schema: {
      operationId: 'getQueues',
      tags: ['operations'],
      summary: 'Read the queues and the number of workers alive',
      querystring: noQuery,
      response: { 200: queuesSchema },
    },
    handler: async () => {
      const [status, workersAlive] = await Promise.all([
        queues.status(),
        countLiveWorkers(db, ALIVE_SECONDS),
      ]);
      return { backend: queues.backend, workersAlive, queues: status };
    },
  });
};

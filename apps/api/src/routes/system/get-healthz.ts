import { z } from 'zod';
import type { Endpoint } from '../../dependencies.ts';

/** The process answers. Says nothing about what it needs: restarting it would not mend that. */
export const getHealthz: Endpoint = (app) => {
  app.route({
    method: 'GET',
    url: '/healthz',
    logLevel: 'warn',
    schema: {
      operationId: 'getHealth',
      tags: ['system'],
      summary: 'Liveness',
      response: { 200: z.object({ status: z.literal('ok') }) },
    },
    handler: () => ({ status: 'ok' as const }),
  });
};

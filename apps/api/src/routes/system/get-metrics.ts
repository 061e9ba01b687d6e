import type { Endpoint } from '../../dependencies.ts';

/** What this process counted, for Prometheus: numbers alone, and of no tenant, so that it needs no key. */
export const getMetrics: Endpoint = (app, { metrics }) => {
  app.route({
    method: 'GET',
    url: '/metrics',
    logLevel: 'warn',
    schema: { hide: true },
    handler: async (_request, reply) => reply.type(metrics.contentType).send(await metrics.read()),
  });
};

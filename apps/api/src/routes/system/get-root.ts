import type { Endpoint } from '../../dependencies.ts';

/** A browser that comes to the bare address is shown the API's page. */
export const getRoot: Endpoint = (app) => {
  app.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/docs', 302));
};

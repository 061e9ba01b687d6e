import type { Api } from '../dependencies.ts';

/** Answers are data: no browser guesses another type, and no cache keeps what only this key may see. */
export function installSecurityHeaders(app: Api): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
    if (request.routeOptions.config.scope !== undefined) reply.header('cache-control', 'no-store');
    done();
  });
}

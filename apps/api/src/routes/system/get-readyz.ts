import { readinessSchema } from '@tidemark/core/contracts';
import { countMissingMigrations } from '@tidemark/db';
import type { Endpoint, RouteDependencies } from '../../dependencies.ts';

/** A check that takes longer has failed: whoever asks will not wait for ever either. */
const CHECK_MS = 2_000;

interface Check {
  name: string;
  ok: boolean;
  detail: string | null;
}

/** Whether requests can be served: 503 with the reasons when they cannot. */
export const getReadyz: Endpoint = (app, dependencies) => {
  app.route({
    method: 'GET',
    url: '/readyz',
    logLevel: 'warn',
    schema: {
      operationId: 'getReadiness',
      tags: ['system'],
      summary: 'Readiness: database, migrations, queue',
      response: { 200: readinessSchema, 503: readinessSchema },
    },
    handler: async (_request, reply) => {
      const checks = await Promise.all([
        check('database', () => dependencies.db.sql`SELECT 1`),
        check('migrations', () => assertMigrated(dependencies)),
        check('queue', () => dependencies.queues.ping()),
      ]);
      const ready = checks.every(({ ok }) => ok);
      return reply.code(ready ? 200 : 503).send({ ready, checks });
    },
  });
};

class NotReady extends Error {
  override readonly name = 'NotReady';
}

async function assertMigrated({ db }: RouteDependencies): Promise<void> {
  const missing = await countMissingMigrations(db);
  if (missing > 0)
    throw new NotReady(`${missing} migrations are missing. Start once without TIDEMARK_MIGRATE=false.`);
}

/** The reason is ours: what a driver says may hold addresses. */
async function check(name: string, work: () => PromiseLike<unknown>): Promise<Check> {
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new NotReady(`no answer within ${CHECK_MS} ms`)), CHECK_MS);
  try {
    await Promise.race([work(), expired]);
    return { name, ok: true, detail: null };
  } catch (error) {
    return { name, ok: false, detail: error instanceof NotReady ? error.message : 'not available' };
  } finally {
    clearTimeout(timer);
  }
}

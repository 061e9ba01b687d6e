import type { IncomingMessage, ServerResponse } from 'node:http';
import { createEventBus, logEvents } from '@tidemark/core/events';
import { listenConversations, listenSyncEvents } from '@tidemark/db';
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  LogController,
  type RawServerDefault,
} from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Api, AppDependencies, RouteDependencies } from './dependencies.ts';
import { createSyncEventHub } from './events/sync-event-hub.ts';
import { validatorCompiler } from './http/validation.ts';
import { createInbox } from './inbox/inbox.ts';
import { createAuthenticator } from './keys/authenticator.ts';
import { createMetrics } from './metrics/metrics.ts';
import { installAuth } from './plugins/auth.ts';
import { installBodyChecks } from './plugins/body-checks.ts';
import { installBullBoard } from './plugins/bull-board.ts';
import { installIdempotency } from './plugins/idempotency.ts';
import { installOpenApi } from './plugins/openapi.ts';
import { answerError, installProblems } from './plugins/problems.ts';
import { installPromptClose } from './plugins/prompt-close.ts';
import { installRequestLog, requestIdOf } from './plugins/request-log.ts';
import { installSecurityHeaders } from './plugins/security-headers.ts';
import { ENDPOINTS } from './routes/index.ts';

export type App = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger>;

const BODY_LIMIT_BYTES = 1_048_576;

const EVENT_TIMES = { heartbeatMs: 15_000, pollMs: 1_000 };

/**
 * The HTTP API over what it is given. It calls no source and runs no sync: what it accepts is committed, and then
 * handed to the queue. Nothing is connected before the app listens or is asked.
 */
export function buildApp(dependencies: AppDependencies): App {
  const app = newServer(dependencies.logger);
  const hub = createSyncEventHub();
  const authenticator = createAuthenticator(dependencies.db, dependencies.keyCacheMs);
  const bus = dependencies.bus ?? createEventBus((error) => dependencies.logger.error({ err: error }));
  logEvents(bus, dependencies.logger);
  const inbox = createInbox(dependencies);
  const eventTimes = { ...EVENT_TIMES, ...dependencies.events };
  const { allowInternalTargets = false } = dependencies;
  const complete: RouteDependencies = {
    ...dependencies,
    authenticator,
    hub,
    eventTimes,
    allowInternalTargets,
    inbox,
    bus,
    metrics: createMetrics(bus),
  };

  installPromptClose(app);
  installProblems(app);
  installRequestLog(app);
  installSecurityHeaders(app);
  installAuth(app, authenticator);
  installBodyChecks(app);
  installIdempotency(app, complete);
  installOpenApi(app);
  installBullBoard(app, complete);
  // Within a plugin, because the OpenAPI plugin, which wants to see every route, is loaded before it.
  app.register(async (scope) => {
    for (const endpoint of ENDPOINTS) endpoint(scope.withTypeProvider<ZodTypeProvider>(), complete);
  });

  app.addHook('onListen', async () => {
    listenSyncEvents(dependencies.db, {
      onEvent: hub.wake,
      onListening: hub.wakeAll,
      onError: (error) =>
        dependencies.logger.warn({ err: error }, 'listening for sync events failed; polling'),
    });
  });
  app.addHook('preClose', async () => hub.close());
  installCacheNews(app, dependencies);
  return app;
}

/** What is cached is forgotten when it changes. */
function installCacheNews(
  app: Api,
  { db, conversationCache: cache, logger }: Pick<AppDependencies, 'db' | 'conversationCache' | 'logger'>,
): void {
  if (cache === undefined) return;
  app.addHook('onListen', async () => {
    listenConversations(db, {
      onChanged: (conversationId, version) => {
        // Does not reject.
        void cache.changed(conversationId, version);
      },
      onMissed: () => cache.missed(),
      onError: (error) => logger.warn({ err: error }, 'listening for changes failed; nothing is cached'),
    });
  });
  app.addHook('onClose', async () => cache.close());
}

function newServer(logger: FastifyBaseLogger): Api {
  const app = fastify({
    loggerInstance: logger,
    // One line of our own for each request instead, without what a query may hold.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    requestIdHeader: false,
    genReqId: requestIdOf,
    bodyLimit: BODY_LIMIT_BYTES,
    // A request that trickles in for longer is given up.
    requestTimeout: 60_000,
    routerOptions: { maxParamLength: 300 },
    forceCloseConnections: 'idle',
    // What still arrives on an open connection during a stop is answered, and the connection closed then.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => {
      answerError(error, request, reply);
    },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  return app;
}

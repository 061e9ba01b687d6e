import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnyConnector } from '@tidemark/core/connector';
import type { Scope } from '@tidemark/core/contracts';
import type { HttpErrorCode } from '@tidemark/core/errors';
import type { EventBus } from '@tidemark/core/events';
import type { Database, Keyring } from '@tidemark/db';
import type { Queues } from '@tidemark/queue';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { ConversationCache } from './cache/conversation-cache.ts';
import type { SyncEventHub } from './events/sync-event-hub.ts';
import type { Inbox } from './inbox/inbox.ts';
import type { Authenticator, Principal } from './keys/authenticator.ts';
import type { Metrics } from './metrics/metrics.ts';

/** What the API needs of the queue: to put a job in, and to look. */
export type QueueProducer = Pick<
  Queues,
  'backend' | 'add' | 'addMany' | 'upsertScheduler' | 'removeScheduler' | 'status' | 'ping' | 'boardQueues'
>;

/** What `buildApp` is given. */
export interface AppDependencies {
  db: Database;
  queues: QueueProducer;
  /** By id. The API validates configurations with them and never calls a source. */
  connectors: ReadonlyMap<string, AnyConnector>;
  /** Seals credentials of connections, and remembered answers. */
  keyring: Keyring;
  logger: FastifyBaseLogger;
  /** Whether subscribers may be at http:// addresses; left out, they may not. */
  allowInternalTargets?: boolean;
  /** Times of the event streams; the defaults are right for production. */
  events?: Partial<EventStreamTimes>;
  /** How long a key that was found is taken as valid without asking again. */
  keyCacheMs?: number;
  /** What sources sign their deliveries with. A webhook without it answers 503 and says so. */
  webhooks?: { messenger?: { appSecret?: string | undefined; verifyToken?: string | undefined } };
  /** Conversations that were read; left out, each is read from PostgreSQL. Closed with the app. */
  conversationCache?: ConversationCache;
  /** Who wants to know what happens here; left out, the log alone is told. */
  bus?: EventBus;
}

export interface EventStreamTimes {
  /** A comment is sent this often, so that proxies keep a quiet stream open. */
  heartbeatMs: number;
  /** Events are looked for this often even when no notification came. */
  pollMs: number;
}

/** What the routes are given. */
export interface RouteDependencies extends AppDependencies {
  authenticator: Authenticator;
  hub: SyncEventHub;
  eventTimes: EventStreamTimes;
  inbox: Inbox;
  bus: EventBus;
  metrics: Metrics;
  allowInternalTargets: boolean;
}

/** The app as routes see it: schemas are zod's. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Adds one endpoint. */
export type Endpoint = (app: Api, dependencies: RouteDependencies) => void;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The scope a key must have. A route under `/v1` without one does not start. */
    scope?: Scope;
    /** Codes this route can answer with besides those every route can, for the OpenAPI document. */
    problems?: readonly HttpErrorCode[];
    /** The route honours Idempotency-Key. */
    idempotent?: boolean;
    /** Asked so often that an answer as it should be is no line of the log, except for debugging. */
    quiet?: boolean;
  }
  interface FastifyRequest {
    /** Whom the request speaks for; null on public routes. */
    principal: Principal | null;
    /** The claim on the request's Idempotency-Key, while its answer is awaited. */
    idempotencyClaim: { tenantId: string; key: string; claim: string } | null;
  }
}

import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { parseRedisUrl, type RedisTarget } from './redis-url.ts';

export type RedisClient = Redis | Cluster;

/** The client's options in the library's default form of replies. */
type ClientOptions = Omit<RedisOptions, 'replyMapping'>;

export interface RedisClientOptions {
  /** Hears every connection error. Required: an unheard error event of a client is printed to the console. */
  onError: (error: Error) => void;
  /** True for a client whose commands block on the server: silence is then no sign of a dead connection. */
  blocking?: boolean;
  /**
   * True for a client that keeps no command for later: what cannot be sent or answered now is rejected, and
   * nothing is sent a second time. For commands that are worthless when late, or wrong when repeated.
   */
  failFast?: boolean;
}

/** A connection that is not answered is given up after this time, in milliseconds. */
const CONNECT_TIMEOUT_MS = 2_000;
/** A connection whose end the server does not confirm is cut after this time, in milliseconds. */
const DISCONNECT_TIMEOUT_MS = 200;
/** A command without an answer for this long means that the peer is gone without a word, in milliseconds. */
const SILENCE_MS = 5_000;

/**
 * A client that reconnects for ever, and keeps commands until then (unless `failFast`): whoever must not wait asks
 * for its status first and sets its own deadline. Never throws for a server that is away; throws RedisUrlError.
 */
export function connectRedis(url: string, options: RedisClientOptions): RedisClient {
  const client = construct(parseRedisUrl(url), options);
  client.on('error', options.onError);
  return client;
}

/** Waits grow to a second and stay there, so that a Redis that is back is noticed at once. */
function reconnectDelayMs(times: number): number {
  return Math.min(1_000, 25 * 2 ** Math.min(times, 10));
}

function construct(
  target: RedisTarget,
  { blocking = false, failFast = false }: RedisClientOptions,
): RedisClient {
  const common: ClientOptions = {
    // BullMQ demands null: a command is sent again after a reconnect instead of being rejected.
    maxRetriesPerRequest: failFast ? 0 : null,
    autoResendUnfulfilledCommands: !failFast,
    enableOfflineQueue: !failFast,
    connectTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    keepAlive: 10_000,
    retryStrategy: reconnectDelayMs,
    // After a failover the old master answers READONLY until the client asks anew who is master.
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
    ...(blocking ? {} : { socketTimeout: SILENCE_MS }),
  };
  if (target.kind === 'single') {
    return new Redis(target.url, common);
  }
  const account: ClientOptions = {
    ...(target.username === undefined ? {} : { username: target.username }),
    ...(target.password === undefined ? {} : { password: target.password }),
    ...(target.tls ? { tls: {} } : {}),
  };
  if (target.kind === 'sentinel') {
    const { sentinels, master, db } = target;
    return new Redis({
      ...common,
      ...account,
      sentinels,
      name: master,
      db,
      sentinelRetryStrategy: reconnectDelayMs,
    });
  }
  const { retryStrategy, enableOfflineQueue, ...node } = common;
  return new Cluster(target.nodes, {
    clusterRetryStrategy: reconnectDelayMs,
    enableOfflineQueue: !failFast,
    redisOptions: { ...node, ...account },
  });
}

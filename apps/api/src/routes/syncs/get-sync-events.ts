import { ProblemError } from '@tidemark/core/errors';
import { isTerminal } from '@tidemark/core/sync';
import { lastSyncEventId } from '@tidemark/db';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Endpoint, RouteDependencies } from '../../dependencies.ts';
import { BEGINNING, type EventPosition, eventIdOf, parseEventId } from '../../events/event-position.ts';
import { type FollowedSync, followSync } from '../../events/follow-sync.ts';
import { createSseSink } from '../../events/sse-sink.ts';
import { createWakeSignal } from '../../events/wake-signal.ts';
import { principalOf, tenantOf } from '../../http/principal.ts';
import type { Principal } from '../../keys/authenticator.ts';
import { idParams } from '../schemas.ts';
import { requireSync } from './require-sync.ts';

const eventId = z.string().regex(/^\d{1,19}$/, { error: 'must be the id of an event of this stream' });

/** Server-sent events of a sync: what happened since `Last-Event-ID`, then what happens, until `done`. */
export const getSyncEvents: Endpoint = (app, dependencies) => {
  const { db } = dependencies;
  app.route({
    method: 'GET',
    url: '/v1/syncs/:id/events',
    exposeHeadRoute: false,
    config: { scope: 'syncs:read', problems: ['not_found', 'invalid_header'] },
    schema: {
      operationId: 'streamSyncEvents',
      tags: ['syncs'],
      summary: 'Follow a sync over server-sent events',
      description:
        'Events: `transition` and `page` as they were stored, `progress` and `done` with the whole sync. The stream ' +
        'ends after `done`. A client that comes back with the last id it saw gets exactly the rest; 204 means there ' +
        'is none.',
      params: idParams,
      headers: z.looseObject({ 'last-event-id': eventId.optional() }),
      querystring: z.strictObject({
        lastEventId: eventId.optional().meta({ description: 'For clients that cannot set headers.' }),
      }),
      response: {
        200: { description: 'Server-sent events', content: { 'text/event-stream': { schema: z.string() } } },
        204: z
          .undefined()
          .meta({ description: 'The sync is over and all of it was seen: do not come back.' }),
      },
    },
    handler: async (request, reply) => {
      const target = { tenantId: tenantOf(request), syncId: request.params.id };
      const sync = await requireSync(db, target);
      const from = positionOf(request.headers['last-event-id'] ?? request.query.lastEventId);
      const last: EventPosition = { row: await lastSyncEventId(db, target.syncId), followed: true };
      if (BigInt(eventIdOf(from)) > BigInt(eventIdOf(last))) throw foreignEventId();
      const hasSeenAll = from.row === last.row && from.followed && from.row > 0n;
      if (isTerminal(sync.status) && hasSeenAll) return reply.code(204).send();
      reply.hijack();
      await stream(dependencies, request, reply, { ...target, from });
      return reply;
    },
  });
};

function positionOf(text: string | undefined): EventPosition {
  if (text === undefined || text === '0') return BEGINNING;
  const position = parseEventId(text);
  if (position === null) throw foreignEventId();
  return position;
}

function foreignEventId(): ProblemError {
  return new ProblemError(
    'invalid_header',
    'The Last-Event-ID is not the id of an event of this stream. Leave it out to begin anew.',
  );
}

async function stream(
  dependencies: RouteDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  target: Pick<FollowedSync, 'tenantId' | 'syncId' | 'from'>,
): Promise<void> {
  const { db, hub, eventTimes } = dependencies;
  const log = request.log.child({ syncId: target.syncId });
  const openedAt = performance.now();
  reply.raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    'x-request-id': request.id,
  });
  reply.raw.write('retry: 1000\n\n');
  log.info({ lastEventId: eventIdOf(target.from) }, 'event stream opened');

  const signal = createWakeSignal();
  const sink = createSseSink(reply.raw, signal.wake);
  const unsubscribe = hub.subscribe(target.syncId, signal.wake);
  const heartbeat = startHeartbeat(dependencies, principalOf(request), sink.comment, signal.wake);
  let reason = 'failed';
  try {
    const isStopping = () => hub.isClosed || heartbeat.isRefused();
    reason = await followSync({ ...target, db, sink, signal, times: eventTimes, isStopping });
    if (reason === 'stopping')
      sink.comment(heartbeat.isRefused() ? 'the key was revoked' : 'the server is stopping');
  } catch (error) {
    log.error({ err: error }, 'the event stream failed');
  } finally {
    heartbeat.stop();
    unsubscribe();
    sink.end();
    const durationMs = Math.round(performance.now() - openedAt);
    log.info({ events: sink.count, durationMs, reason }, 'event stream closed');
  }
}

/** Keeps proxies from closing a quiet stream, and ends the stream of a key that was revoked. */
function startHeartbeat(
  { authenticator, eventTimes }: RouteDependencies,
  principal: Principal,
  comment: (text: string) => void,
  wake: () => void,
): { stop(): void; isRefused(): boolean } {
  let refused = false;
  const check = () => {
    authenticator.stillHolds(principal).then(
      (holds) => {
        refused = !holds;
        if (refused) wake();
      },
      // The database is away: the next beat asks again.
      () => {},
    );
  };
  const timer = setInterval(() => {
    comment('heartbeat');
    check();
  }, eventTimes.heartbeatMs);
  return { stop: () => clearInterval(timer), isRefused: () => refused };
}

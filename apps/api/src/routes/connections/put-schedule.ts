import { type PutSchedule, putScheduleSchema, scheduleSchema } from '@tidemark/core/contracts';
import { ProblemError } from '@tidemark/core/errors';
import { nextTick, type ScheduleTiming } from '@tidemark/core/schedules';
import { putSchedule, type ScheduleRequest } from '@tidemark/db';
import { cronProblem, nextCronTime } from '@tidemark/queue';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { mirrorSchedule } from '../../schedules/mirror-schedule.ts';
import { idParams, noQuery } from '../schemas.ts';
import { noConnection, requireConnection } from './require-connection.ts';

/** Creates or replaces a schedule: 200 means it is committed, and ticks whatever happens to the queue. */
export const putScheduleOfConnection: Endpoint = (app, { db, queues }) => {
  app.route({
    method: 'PUT',
    url: '/v1/connections/:id/schedule',
    config: { scope: 'connections:write', problems: ['not_found'] },
    schema: {
      operationId: 'putSchedule',
      tags: ['connections'],
      summary: 'Create or replace the schedule of a connection',
      description:
        'Either `cron` with `timezone`, or `everySeconds`. A tick that finds a live sync, or credentials that the ' +
        'source refused, is skipped and counted; of ticks missed while nothing ran, one is made up for. Putting the ' +
        'same times again keeps the next tick.',
      params: idParams,
      querystring: noQuery,
      body: putScheduleSchema,
      response: { 200: scheduleSchema },
    },
    handler: async (request) => {
      const { body } = request;
      const connectionId = request.params.id;
      const target = { tenantId: tenantOf(request), connectionId };
      await requireConnection(db, target);
      const schedule = await putSchedule(db, target, rowOf(body), (now) => {
        if ('cron' in body) assertCron(body.cron, now);
        return nextTick(timingOf(body, now), now, nextCronTime);
      });
      // It was deleted since it was looked up.
      if (schedule === null) throw noConnection();
      request.log.info({ connectionId, nextTickAt: schedule.nextTickAt }, 'schedule put');
      await mirrorSchedule(
        { queues },
        connectionId,
        timingOf(body, new Date(schedule.nextTickAt)),
        request.log,
      );
      return schedule;
    },
  });
};

function rowOf(body: PutSchedule): ScheduleRequest {
  const { mode } = body;
  return 'cron' in body
    ? { cron: body.cron, timezone: body.timezone, everySeconds: null, mode }
    : { cron: null, timezone: null, everySeconds: body.everySeconds, mode };
}

/** `tick`: any of an interval's; counted from now, the first one comes after one interval. */
function timingOf(body: PutSchedule, tick: Date): ScheduleTiming {
  return 'cron' in body
    ? { cron: body.cron, timezone: body.timezone }
    : { everySeconds: body.everySeconds, anchor: tick };
}

/** What the schema cannot tell, because it takes the cron library. Throws `validation_failed`. */
function assertCron(cron: string, now: Date): void {
  const message = cronProblem(cron, now);
  if (message === null) return;
  const errors = [{ pointer: '/cron', message }];
  throw new ProblemError('validation_failed', `"/cron": ${message}`, { errors });
}

import type { AnyConnector, ReplayOutcome } from '@tidemark/core/connector';
import { quarantinedRecordSchema } from '@tidemark/core/contracts';
import { ProblemError, zodProblems } from '@tidemark/core/errors';
import { type FoundQuarantined, replayQuarantined } from '@tidemark/db';
import type { Endpoint } from '../../dependencies.ts';
import { tenantOf } from '../../http/principal.ts';
import { idParams, noQuery } from '../schemas.ts';
import { requireQuarantined } from './require-quarantined.ts';

/** Reads a quarantined record again, and stores it when it fits now. Calls no source: the record is all there. */
export const postReplayQuarantined: Endpoint = (app, { db, connectors }) => {
  app.route({
    method: 'POST',
    url: '/v1/quarantine/:id/replay',
    config: {
      scope: 'operations:write',
      problems: ['not_found', 'quarantine_closed', 'record_invalid', 'replay_unsupported', 'config_invalid'],
    },
    schema: {
      operationId: 'replayQuarantined',
      tags: ['quarantine'],
      summary: 'Replay a quarantined record',
      description:
        'For records that failed because of a rule that has been mended since. 422 with `reason` and `path` when it ' +
        'still does not fit; a part of it that does not is quarantined by itself.',
      params: idParams,
      querystring: noQuery,
      response: { 200: quarantinedRecordSchema },
    },
    handler: async (request) => {
      const target = { tenantId: tenantOf(request), quarantineId: request.params.id };
      const found = await requireQuarantined(db, target);
      const { id: quarantineId, connectionId, status } = found.record;
      if (status !== 'open') throw closed(status);
      const outcome = readAgain(connectors.get(found.connector), found);
      if (outcome.kind === 'invalid') throw stillInvalid(outcome);
      const { records, invalid } = outcome;
      const written = await replayQuarantined(db, { quarantineId, connectionId, records, invalid });
      const { record } = await requireQuarantined(db, target);
      if (written === 'closed') throw closed(record.status);
      request.log.info({ quarantineId, connectionId }, 'quarantined record replayed');
      return record;
    },
  });
};

function readAgain(connector: AnyConnector | undefined, found: FoundQuarantined): ReplayOutcome {
  if (connector?.replay === undefined) {
    const detail = `Records of the connector "${found.connector}" cannot be replayed. Sync again instead.`;
    throw new ProblemError('replay_unsupported', detail);
  }
  const config = connector.config.safeParse(found.config);
  if (!config.success) {
    const detail = 'The stored configuration of the connection no longer fits. Correct it first.';
    throw new ProblemError('config_invalid', detail, { errors: zodProblems(config.error, '/config') });
  }
  const { stream, parentId } = found.record;
  return connector.replay({ config: config.data, stream, raw: found.original, parentId, asOf: found.asOf });
}

function stillInvalid({ reason, path }: { reason: string; path: string }): ProblemError {
  const detail = path === '' ? reason : `"${path}": ${reason}`;
  return new ProblemError('record_invalid', detail, { extra: { reason, path } });
}

function closed(status: string): ProblemError {
  return new ProblemError('quarantine_closed', `The record was ${status} before.`, {
    extra: { closedAs: status },
  });
}

import type { Sync, SyncMode, SyncPurpose } from '@tidemark/core/contracts';
import type { Priority } from '@tidemark/core/queue';
import { startSync } from '@tidemark/db';
import type { FastifyBaseLogger } from 'fastify';
import { checkOptions, connectorNamed } from '../../connections/check-connection.ts';
import type { RouteDependencies } from '../../dependencies.ts';
import { requireConnection } from '../connections/require-connection.ts';
import { enqueueFirstPage } from './enqueue-first-page.ts';
import { requireSync } from './require-sync.ts';
import { inProgress, needsReauth } from './start-refusals.ts';

export interface BeginSync {
  mode: SyncMode;
  priority: Priority;
  dryRun: boolean;
  purpose: SyncPurpose;
  /** What is asked of this sync alone, as it came. */
  options?: Record<string, unknown> | undefined;
}

/** Starts a sync because somebody asked for it; it is committed when this returns. Throws the problem that forbids it. */
export async function beginSync(
  dependencies: RouteDependencies,
  target: { tenantId: string; connectionId: string },
  wish: BeginSync,
  log: FastifyBaseLogger,
): Promise<Sync> {
  const { db, connectors } = dependencies;
  const { tenantId, connectionId } = target;
  const { connection } = await requireConnection(db, target);
  if (connection.status === 'needs_reauth') throw needsReauth();
  const connector = connectorNamed(connectors, connection.connector);
  const streams = connector.streams.map((stream) => stream.name);
  const options = checkOptions(connector, wish.options);
  const outcome = await startSync(db, {
    ...wish,
    options,
    connectionId,
    trigger: 'api',
    streams,
    cause: 'api',
  });
  if (outcome.kind === 'busy') throw inProgress(outcome.activeSyncId);
  if (outcome.kind === 'unusable') {
    // It changed since it was looked up: gone, or its credentials were refused meanwhile.
    await requireConnection(db, target);
    throw needsReauth();
  }
  const { syncId } = outcome;
  log.info({ syncId, connectionId }, 'sync started');
  await enqueueFirstPage(dependencies, syncId, outcome.job, log);
  return requireSync(db, { tenantId, syncId });
}

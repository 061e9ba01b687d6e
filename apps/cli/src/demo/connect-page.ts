import type { components } from '@tidemark/client';
import { ApiProblemError } from '../remote/api-errors.ts';
import { type Api, ask } from '../remote/api.ts';
import { listAll } from '../remote/list-all.ts';
import type { DemoPage } from './demo-plan.ts';

export type Connection = components['schemas']['Connection'];

/** The connection of the demo's Page: the one of the last run, or a new one. */
export async function connectPage(api: Api, page: DemoPage): Promise<Connection> {
  const all = await listAll((query) => api.client.GET('/v1/connections', { params: { query } }));
  const known = all.find(
    ({ connector, config }) => connector === 'messenger' && config.pageId === page.pageId,
  );
  const credentials = { accessToken: page.accessToken };
  if (known === undefined) {
    const body = {
      connector: 'messenger',
      name: page.name,
      config: { pageId: page.pageId },
      credentials,
      conflictPolicy: 'source_wins' as const,
    };
    return ask(api.client.POST('/v1/connections', { body }));
  }
  if (known.status === 'active') return known;
  const path = { id: known.id };
  return ask(api.client.PATCH('/v1/connections/{id}', { params: { path }, body: { credentials } }));
}

/** What a Page may be asked is a row anybody with the rights can change, also while a sync runs. */
export async function setPace(api: Api, page: DemoPage): Promise<void> {
  const path = { pool: `messenger:page:${page.pageId}` };
  const body = { maxCalls: page.callsPerMinute, perSeconds: 60 };
  await ask(api.client.PATCH('/v1/limits/{pool}', { params: { path }, body }));
}

export interface StartedSync {
  syncId: string;
  /** It was left over from a run that was stopped in the middle, and now goes on. */
  isTakenUp: boolean;
  /** A sync of this connection completed before, so that only news is read now. */
  isRepeated: boolean;
}

/** Starts a sync, or finds the one that lives already. */
export async function startOrTakeUp(api: Api, connectionId: string): Promise<StartedSync> {
  const query = { connectionId, status: 'completed', limit: 1 };
  const completed = await ask(api.client.GET('/v1/syncs', { params: { query } }));
  const isRepeated = completed.data.length > 0;
  try {
    const path = { id: connectionId };
    const body = { mode: 'incremental' as const, priority: 'normal' as const };
    const started = await ask(api.client.POST('/v1/connections/{id}/syncs', { params: { path }, body }));
    return { syncId: started.id, isTakenUp: false, isRepeated };
  } catch (error) {
    const active = error instanceof ApiProblemError ? error.problem.activeSyncId : undefined;
    if (typeof active !== 'string') throw error;
    return { syncId: active, isTakenUp: true, isRepeated };
  }
}

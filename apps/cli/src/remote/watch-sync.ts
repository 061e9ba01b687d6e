import { setTimeout as delay } from 'node:timers/promises';
import { subscribeSyncEvents, SubscriptionError } from '@tidemark/client';
import { CommandError } from '../exit-codes.ts';
import type { ProgressState } from '../output/progress-line.ts';
import { type Api, ask } from './api.ts';
import { type Sync, SyncView } from './sync-view.ts';

export interface WatchSync {
  syncId: string;
  onProgress(state: ProgressState): void;
  /** How many records there are in all, where the caller knows better than the source. */
  total?: number | null;
  signal: AbortSignal;
}

/** Somebody who watches wants to see the seconds pass, and figures that are nearly live. */
const REFRESH_MS = 250;
/** The API may be restarted while a sync is watched; after this long it is taken for gone. */
const LOST_MS = 60_000;

/** Follows a sync to its end, over reconnections, and returns it as it is then. */
export async function watchSync(api: Api, options: WatchSync): Promise<Sync> {
  const { syncId } = options;
  const lost = new AbortController();
  const signal = AbortSignal.any([options.signal, lost.signal]);
  const view = new SyncView(options.total ?? null);
  const refresh = setInterval(() => {
    if (view.lostForMs() > LOST_MS) lost.abort();
    options.onProgress(view.state());
  }, REFRESH_MS);
  const ended = new AbortController();
  const counting = keepCounting(api, syncId, view, AbortSignal.any([signal, ended.signal]));
  try {
    const subscription = {
      baseUrl: api.url,
      apiKey: api.key,
      syncId,
      signal,
      maxRetryMs: 2_000,
      fetch: view.watchFetch(api.fetch),
    };
    for await (const event of subscribeSyncEvents(subscription)) {
      if (event.type === 'progress' || event.type === 'done') view.sync = event.data;
    }
    options.signal.throwIfAborted();
    if (lost.signal.aborted) throw lostError(api, syncId);
    ended.abort();
    await counting;
    view.sync = await ask(api.client.GET('/v1/syncs/{id}', { params: { path: { id: syncId } } }));
    view.counts = await readCounts(api, syncId);
    options.onProgress(view.state());
    return view.sync;
  } catch (error) {
    if (error instanceof SubscriptionError) {
      throw new CommandError(error.code ?? 'subscription_refused', error.message, { cause: error });
    }
    throw error;
  } finally {
    clearInterval(refresh);
    ended.abort();
  }
}

function lostError(api: Api, syncId: string): CommandError {
  const message = `The API at ${api.url} has not answered for a minute. The sync ${syncId} may well go on.`;
  return new CommandError('api_lost', message);
}

/** Asks for the figures by stream again as long as somebody watches: events hold sums only. */
async function keepCounting(api: Api, syncId: string, view: SyncView, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // The API may be away for a moment; the status says so.
    const counts = await readCounts(api, syncId).catch(() => null);
    if (counts !== null && !signal.aborted) view.counts = counts;
    await delay(REFRESH_MS, undefined, { signal }).catch(() => {});
  }
}

async function readCounts(api: Api, syncId: string): Promise<ProgressState['counts']> {
  const { data } = await ask(api.client.GET('/v1/syncs/{id}/results', { params: { path: { id: syncId } } }));
  return data.map(({ stream, records }) => ({ label: stream, value: records.read }));
}

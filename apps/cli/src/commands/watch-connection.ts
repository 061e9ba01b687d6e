import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { moment } from '../output/figures.ts';
import { type Api, ask } from '../remote/api.ts';
import type { Connection } from '../remote/find-connection.ts';
import type { Sync } from '../remote/sync-view.ts';
import { listenForStop } from '../start/stop-request.ts';
import { listDecisions } from './decision-lines.ts';
import { present, type RemoteOptions } from './remote-options.ts';
import { describeRecords } from './sync-lines.ts';

const LOOK_MS = 500;

/** Lets the worker watch the source and tells of each sync that brought something, until somebody stops it. */
export async function watchConnection(
  api: Api,
  connection: Connection,
  options: RemoteOptions,
  context: Context,
): Promise<void> {
  const left = new AbortController();
  const request = listenForStop({ onAgain: () => process.exit(EXIT.interrupted) });
  request.requested.then(
    () => left.abort(),
    () => {},
  );
  const wasWatched = connection.config.watch === true;
  await setWatch(api, connection, true);
  context.terminal.note('Watching. Stop with Ctrl-C.');
  try {
    let last = (await recentSyncs(api, connection))[0]?.id ?? '';
    while (!left.signal.aborted) {
      await delay(LOOK_MS, undefined, { signal: left.signal }).catch(() => {});
      const ended = (await recentSyncs(api, connection))
        .filter(({ id, finishedAt }) => id > last && finishedAt !== null)
        .toSorted((one, other) => (one.id < other.id ? -1 : 1));
      for (const sync of ended) {
        last = sync.id;
        await tell(api, sync, options, context);
      }
    }
  } finally {
    request.dispose();
    if (!wasWatched) await setWatch(api, connection, false);
  }
}

async function setWatch(api: Api, { id, config }: Connection, watch: boolean): Promise<void> {
  const params = { path: { id } };
  await ask(api.client.PATCH('/v1/connections/{id}', { params, body: { config: { ...config, watch } } }));
}

async function recentSyncs(api: Api, { id }: Connection): Promise<readonly Sync[]> {
  const query = { connectionId: id, limit: 20 };
  const { data } = await ask(api.client.GET('/v1/syncs', { params: { query } }));
  return data;
}

/** A sync that found nothing is no news. */
async function tell(api: Api, sync: Sync, options: RemoteOptions, context: Context): Promise<void> {
  const { inserted, updated, deleted, quarantined } = sync.progress.records;
  if (sync.status === 'completed' && inserted + updated + deleted + quarantined === 0) return;
  const decisions = (await listDecisions(api, sync.id)).filter(({ decision }) => decision !== 'skip');
  present(options, context, { ...sync, decisions }, () => [
    `${moment(sync.finishedAt)}  ${sync.status}  ${describeRecords(sync)}`,
    ...decisions.map(({ decision, subject, reason }) => `  ${decision}  ${subject}  ${reason}`),
  ]);
}

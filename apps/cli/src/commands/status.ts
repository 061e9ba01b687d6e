import type { Command } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';
import { CLAUDE_CODE } from '../local/own-files.ts';
import { someApi } from '../local/some-api.ts';
import { moment } from '../output/figures.ts';
import { renderPairs, renderTable } from '../output/table.ts';
import { ApiProblemError } from '../remote/api-errors.ts';
import { type Api, ask } from '../remote/api.ts';
import { type Connection, findConnection, isId, listConnections } from '../remote/find-connection.ts';
import type { Sync } from '../remote/sync-view.ts';
import { openApi, present, type RemoteOptions, withRemoteOptions } from './remote-options.ts';
import { describeRecords, describeSync } from './sync-lines.ts';

export function addStatus(program: Command, context: Context): void {
  withRemoteOptions(program.command('status'))
    .description('Show how all connections are, or one connection, or one sync.')
    .argument('[what]', 'a connection by id, name or account, or a sync by id')
    .action(async (reference, options) => {
      const some = reference === CLAUDE_CODE ? await someApi(options, context) : null;
      const api = some?.api ?? (await openApi(options, context));
      try {
        await show(api, reference, options, context);
      } finally {
        await some?.close();
      }
    });
}

async function show(
  api: Api,
  reference: string | undefined,
  options: RemoteOptions,
  context: Context,
): Promise<void> {
  if (reference === undefined) {
    const overview = await readOverview(api);
    return present(options, context, overview, () => renderOverview(overview));
  }
  const sync = isId(reference) ? await findSync(api, reference) : null;
  if (sync !== null) return present(options, context, sync, () => describeSync(sync));
  const status = await readConnection(api, await findConnection(api, reference));
  present(options, context, status, () => renderConnection(status));
}

/** Null when the id is not the id of a sync. */
async function findSync(api: Api, id: string): Promise<Sync | null> {
  try {
    return await ask(api.client.GET('/v1/syncs/{id}', { params: { path: { id } } }));
  } catch (error) {
    if (error instanceof ApiProblemError && error.code === 'not_found') return null;
    throw error;
  }
}

interface ConnectionWithSync {
  connection: Connection;
  lastSync: Sync | null;
}

async function withLastSync(api: Api, connection: Connection): Promise<ConnectionWithSync> {
  const query = { connectionId: connection.id, limit: 1 };
  const { data } = await ask(api.client.GET('/v1/syncs', { params: { query } }));
  return { connection, lastSync: data[0] ?? null };
}

async function readOverview(api: Api): Promise<ConnectionWithSync[]> {
  const rows: ConnectionWithSync[] = [];
  for (const connection of await listConnections(api)) rows.push(await withLastSync(api, connection));
  return rows;
}

const COLUMNS = ['CONNECTION', 'NAME', 'CONNECTOR', 'STATUS', 'LAST SYNC', 'STARTED', 'RECORDS'].map(
  (title) => ({
    title,
  }),
);

function renderOverview(overview: readonly ConnectionWithSync[]): string[] {
  if (overview.length === 0) return ['There are no connections. Add one: tidemark connections add --help'];
  const rows = overview.map(({ connection: { id, name, connector, status }, lastSync }) => [
    ...[id, name, connector, status],
    ...(lastSync === null ? ['-'] : [lastSync.status, moment(lastSync.startedAt), describeRecords(lastSync)]),
  ]);
  return renderTable(COLUMNS, rows);
}

async function readConnection(api: Api, connection: Connection) {
  const params = { path: { id: connection.id } };
  const [state, { lastSync }] = await Promise.all([
    ask(api.client.GET('/v1/connections/{id}/state', { params })),
    withLastSync(api, connection),
  ]);
  return { connection, state, lastSync };
}

function renderConnection(status: Awaited<ReturnType<typeof readConnection>>): string[] {
  const { connection, state, lastSync } = status;
  const lease =
    state.lease === null ? 'free' : `held by ${state.lease.owner} until ${moment(state.lease.expiresAt)}`;
  const lines = renderPairs([
    ['Connection', `${connection.name} (${connection.id})`],
    ['Connector', connection.connector],
    ['Status', connection.status],
    ['Now', state.status],
    ['Lease', lease],
    ...state.streams.map(({ stream, watermark }) => {
      return [`Stream ${stream}`, `complete up to ${JSON.stringify(watermark)}`] as const;
    }),
  ]);
  return lastSync === null ? lines : [...lines, '', ...describeSync(lastSync)];
}

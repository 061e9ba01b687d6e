import type { components } from '@tidemark/client';
import { CommandError } from '../exit-codes.ts';
import { type Api, ask } from './api.ts';
import { listAll } from './list-all.ts';

export type Connection = components['schemas']['Connection'];

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function isId(text: string): boolean {
  return UUID.test(text);
}

/** The connection with this id, this name, this account, or the only one of this connector. */
export async function findConnection(api: Api, reference: string): Promise<Connection> {
  if (isId(reference)) {
    return ask(api.client.GET('/v1/connections/{id}', { params: { path: { id: reference } } }));
  }
  const all = await listConnections(api);
  const found = all.filter(({ name, connector, config }) =>
    [name, connector, config.pageId, config.root].includes(reference),
  );
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (only === undefined) {
    throw new CommandError(
      'connection_unknown',
      `There is no connection "${reference}". See: tidemark connections`,
    );
  }
  const more = found.map(({ id, name }) => `  ${id}  ${name}`);
  throw new CommandError('connection_ambiguous', `"${reference}" is more than one connection. Give the id:`, {
    more,
  });
}

export async function listConnections(api: Api): Promise<Connection[]> {
  return listAll((query) => api.client.GET('/v1/connections', { params: { query } }));
}

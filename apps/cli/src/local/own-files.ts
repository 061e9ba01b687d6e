import path from 'node:path';
import type { RemoteOptions } from '../commands/remote-options.ts';
import type { Context } from '../context.ts';
import { type Api, ask } from '../remote/api.ts';
import { type Connection, listConnections } from '../remote/find-connection.ts';
import { someApi } from './some-api.ts';

/** What people call the connection to their own session files, before and after it exists. */
export const CLAUDE_CODE = 'claude-code';

/** The connection to the session files below `root`, or to this user's own; it is made when it is not there. */
async function ensureOwnFiles(api: Api, root: string | undefined): Promise<Connection> {
  const config = root === undefined ? {} : { root: path.resolve(root) };
  const all = await listConnections(api);
  const found = all.find((one) => one.connector === CLAUDE_CODE && one.config.root === config.root);
  if (found !== undefined) return found;
  const name = config.root ?? CLAUDE_CODE;
  const body = { connector: CLAUDE_CODE, name, config, conflictPolicy: 'source_wins' as const };
  return ask(api.client.POST('/v1/connections', { body }));
}

/**
 * Does something with the connection to the files of this machine: through the API that runs, or one of this process
 * alone, which is closed again.
 */
export async function withOwnFiles(
  options: RemoteOptions & { root?: string | undefined; local?: true | undefined },
  context: Context,
  use: (api: Api, connection: Connection) => Promise<void>,
): Promise<void> {
  const root = options.root === undefined ? undefined : path.resolve(context.cwd, options.root);
  const allowed = [context.variables.SESSION_ROOTS, root].filter(Boolean).join(',');
  const some = await someApi(options, context, allowed === '' ? {} : { SESSION_ROOTS: allowed });
  try {
    await use(some.api, await ensureOwnFiles(some.api, root));
  } finally {
    await some.close();
  }
}

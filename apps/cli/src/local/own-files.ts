import path from 'node:path';
import { type Api, ask } from '../remote/api.ts';
import { type Connection, listConnections } from '../remote/find-connection.ts';

/** What people call the connection to their own session files, before and after it exists. */
export const CLAUDE_CODE = 'claude-code';

/** The connection to the session files below `root`, or to this user's own; it is made when it is not there. */
export async function ensureOwnFiles(api: Api, root: string | undefined): Promise<Connection> {
  const config = root === undefined ? {} : { root: path.resolve(root) };
  const all = await listConnections(api);
  const found = all.find((one) => one.connector === CLAUDE_CODE && one.config.root === config.root);
  if (found !== undefined) return found;
  const name = config.root ?? CLAUDE_CODE;
  const body = { connector: CLAUDE_CODE, name, config, conflictPolicy: 'source_wins' as const };
  return ask(api.client.POST('/v1/connections', { body }));
}

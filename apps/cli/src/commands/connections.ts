import { Argument, type Command } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';
import { CommandError } from '../exit-codes.ts';
import { moment } from '../output/figures.ts';
import { renderTable } from '../output/table.ts';
import { ask, askForNothing } from '../remote/api.ts';
import { type Connection, findConnection, listConnections } from '../remote/find-connection.ts';
import { stdinSecrets } from '../remote/secrets.ts';
import { wholeNumber } from './arguments.ts';
import { openApi, present, withRemoteOptions } from './remote-options.ts';

export function addConnections(program: Command, context: Context): void {
  const group = program
    .command('connections')
    .helpCommand(false)
    .description('List, add and remove connections.');
  addList(group, context);
  addMessenger(group, context);
  addRemove(group, context);
}

function addList(group: Command, context: Context): void {
  withRemoteOptions(group.command('list', { isDefault: true }))
    .description('List all connections.')
    .action(async (options) => {
      const connections = await listConnections(await openApi(options, context));
      present(options, context, connections, () => renderConnections(connections));
    });
}

const COLUMNS = ['ID', 'NAME', 'CONNECTOR', 'ACCOUNT', 'STATUS', 'CREATED'].map((title) => ({ title }));

function renderConnections(connections: readonly Connection[]): string[] {
  if (connections.length === 0) return ['There are no connections. Add one: tidemark connections add --help'];
  const rows = connections.map(({ id, name, connector, config, status, createdAt }) => [
    ...[id, name, connector, accountOf(config), status, moment(createdAt)],
  ]);
  return renderTable(COLUMNS, rows);
}

function accountOf(config: Readonly<Record<string, unknown>>): string {
  const account = config.pageId ?? config.root;
  return typeof account === 'string' ? account : '-';
}

function addMessenger(group: Command, context: Context): void {
  withRemoteOptions(group.command('add'))
    .description('Connect an account. Its secrets are read from standard input, or asked for.')
    .addArgument(new Argument('<connector>', 'the kind of source').choices(['messenger'] as const))
    .requiredOption('--page-id <id>', 'the numeric id of the Page')
    .option('--name <name>', 'what to call the connection (default: the id of the Page)')
    .option('--page-size <number>', 'conversations in a call', wholeNumber(1, 500))
    .option('--messages-per-conversation <number>', 'messages that come along with each', wholeNumber(1, 500))
    .option('--token-stdin', 'read the Page access token from standard input')
    .option('--app-secret', 'there is an app secret as well: the second line, or asked for')
    .action(async (connector, options) => {
      const api = await openApi(options, context);
      const { pageId, pageSize, messagesPerConversation, name = pageId } = options;
      const body = {
        connector,
        name,
        config: {
          pageId,
          ...(pageSize === undefined ? {} : { pageSize }),
          ...(messagesPerConversation === undefined ? {} : { messagesPerConversation }),
        },
        credentials: await readCredentials(options, context),
        conflictPolicy: 'source_wins' as const,
      };
      const created = await ask(api.client.POST('/v1/connections', { body }));
      present(options, context, created, () => [
        `Connected "${created.name}": ${created.id}`,
        `Sync it: tidemark sync ${created.id} --wait`,
      ]);
    });
}

async function readCredentials(
  options: { tokenStdin?: true | undefined; appSecret?: true | undefined },
  { terminal }: Context,
): Promise<Record<string, string>> {
  const secrets = stdinSecrets(terminal);
  const [first, second] = options.tokenStdin ? await secrets.lines() : [];
  const accessToken = options.tokenStdin ? first : await secrets.prompt('Page access token');
  if (!accessToken) {
    throw new CommandError('token_missing', 'No access token: pipe it in and give --token-stdin.');
  }
  if (!options.appSecret) return { accessToken };
  const appSecret = options.tokenStdin ? second : await secrets.prompt('App secret');
  if (!appSecret) throw new CommandError('app_secret_missing', 'No app secret: it is the second line.');
  return { accessToken, appSecret };
}

function addRemove(group: Command, context: Context): void {
  withRemoteOptions(group.command('rm'))
    .description('Remove a connection. What it has synced stays, unless --purge is given.')
    .argument('<connection>', 'id, name or account')
    .option('--purge', 'remove everything it has synced as well')
    .action(async (reference, options) => {
      const api = await openApi(options, context);
      const { id, name } = await findConnection(api, reference);
      const purge = options.purge === true;
      const params = { path: { id }, ...(purge ? { query: { purge: 'true' as const } } : {}) };
      await askForNothing(api.client.DELETE('/v1/connections/{id}', { params }));
      const what = purge ? 'and everything it has synced' : 'What it has synced is kept';
      present(options, context, { id, purged: purge }, () => [
        purge ? `Removed "${name}" ${what}.` : `Removed "${name}". ${what}.`,
      ]);
    });
}

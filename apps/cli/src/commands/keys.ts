import { type Command, Option } from '@commander-js/extra-typings';
import { SCOPES } from '@tidemark/core/contracts';
import type { Context } from '../context.ts';
import { moment } from '../output/figures.ts';
import { renderPairs, renderTable } from '../output/table.ts';
import { ask, askForNothing } from '../remote/api.ts';
import { listAll } from '../remote/list-all.ts';
import { openApi, present, withRemoteOptions } from './remote-options.ts';

export function addKeys(program: Command, context: Context): void {
  const group = program
    .command('keys')
    .description('List, create and revoke API keys. Needs the scope admin.');
  addList(group, context);
  addCreate(group, context);
  addRevoke(group, context);
}

const COLUMNS = ['ID', 'NAME', 'SCOPES', 'CREATED', 'LAST USED', 'REVOKED'].map((title) => ({ title }));

function addList(group: Command, context: Context): void {
  withRemoteOptions(group.command('list', { isDefault: true }))
    .description('List all keys.')
    .action(async (options) => {
      const { client } = await openApi(options, context);
      const keys = await listAll((query) => client.GET('/v1/keys', { params: { query } }));
      const rows = keys.map((key) => [
        ...[key.id, key.name, key.scopes.join(' ')],
        ...[moment(key.createdAt), moment(key.lastUsedAt), moment(key.revokedAt)],
      ]);
      present(options, context, keys, () => renderTable(COLUMNS, rows));
    });
}

function addCreate(group: Command, context: Context): void {
  withRemoteOptions(group.command('create'))
    .description('Create a key. It is shown this once.')
    .argument('<name>', 'whom or what it is for')
    .addOption(new Option('--scopes <scopes...>', 'what it may do').choices(SCOPES).makeOptionMandatory(true))
    .action(async (name, options) => {
      const { client } = await openApi(options, context);
      const created = await ask(client.POST('/v1/keys', { body: { name, scopes: options.scopes } }));
      present(options, context, created, () =>
        renderPairs([
          ['Key', created.key],
          ['Id', created.id],
          ['Scopes', created.scopes.join(' ')],
          ['', 'Note the key down: it is stored as a hash only, and never shown again.'],
        ]),
      );
    });
}

function addRevoke(group: Command, context: Context): void {
  withRemoteOptions(group.command('revoke'))
    .description('Revoke a key. Requests with it are refused from then on.')
    .argument('<id>', 'of the key')
    .action(async (id, options) => {
      const { client } = await openApi(options, context);
      await askForNothing(client.DELETE('/v1/keys/{id}', { params: { path: { id } } }));
      present(options, context, { id, revoked: true }, () => [`Revoked ${id}.`]);
    });
}

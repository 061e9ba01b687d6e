import { type Command, Option } from '@commander-js/extra-typings';
import { QUARANTINE_STATUSES } from '@tidemark/core/contracts';
import type { Context } from '../context.ts';
import { moment } from '../output/figures.ts';
import { renderTable } from '../output/table.ts';
import { ask, askForNothing } from '../remote/api.ts';
import { findConnection } from '../remote/find-connection.ts';
import { listAll } from '../remote/list-all.ts';
import { openApi, present, withRemoteOptions } from './remote-options.ts';

const COLUMNS = ['ID', 'STREAM', 'RECORD', 'REASON', 'AT', 'SEEN', 'STATUS'].map((title) => ({ title }));

export function addQuarantine(program: Command, context: Context): void {
  const group = program.command('quarantine').description('Records that failed validation.');
  withRemoteOptions(group.command('list', { isDefault: true }))
    .description('List them, newest first; --json has them whole.')
    .option('--connection <connection>', 'only of this one: id, name or account')
    .addOption(new Option('--status <status>').choices(QUARANTINE_STATUSES).default('open' as const))
    .action(async (options) => {
      const api = await openApi(options, context);
      const { status, connection } = options;
      const of = connection === undefined ? {} : { connectionId: (await findConnection(api, connection)).id };
      const records = await listAll((page) =>
        api.client.GET('/v1/quarantine', { params: { query: { ...page, ...of, status } } }),
      );
      const rows = records.map((record) => [
        ...[record.id, record.stream, record.externalId ?? '-', record.reason],
        ...[record.path || '-', moment(record.lastSeenAt), record.status],
      ]);
      present(options, context, records, () =>
        rows.length === 0 ? ['There are none.'] : renderTable(COLUMNS, rows),
      );
    });
  withRemoteOptions(group.command('replay'))
    .description('Read a record again, with the rules of today, and store it.')
    .argument('<id>', 'of the record')
    .action(async (id, options) => {
      const { client } = await openApi(options, context);
      const record = await ask(client.POST('/v1/quarantine/{id}/replay', { params: { path: { id } } }));
      present(options, context, record, () => [`The record ${id} is stored.`]);
    });
  withRemoteOptions(group.command('discard'))
    .description('Close a record that is not wanted.')
    .argument('<id>', 'of the record')
    .action(async (id, options) => {
      const { client } = await openApi(options, context);
      await askForNothing(client.DELETE('/v1/quarantine/{id}', { params: { path: { id } } }));
      present(options, context, { id, discarded: true }, () => [`Discarded ${id}.`]);
    });
}

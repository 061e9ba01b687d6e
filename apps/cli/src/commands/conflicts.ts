import { type Command, Option } from '@commander-js/extra-typings';
import { CONFLICT_STATUSES } from '@tidemark/core/contracts';
import type { Context } from '../context.ts';
import { moment } from '../output/figures.ts';
import { renderTable } from '../output/table.ts';
import { ask } from '../remote/api.ts';
import { listAll } from '../remote/list-all.ts';
import { openApi, present, withRemoteOptions } from './remote-options.ts';

const COLUMNS = ['ID', 'RECORD', 'FIELD', 'SOURCE', 'LOCAL', 'SINCE', 'STATUS'].map((title) => ({ title }));

export function addConflicts(program: Command, context: Context): void {
  const group = program.command('conflicts').description('Changes of the source against changes of people.');
  withRemoteOptions(group.command('list', { isDefault: true }))
    .description('List them, a line for each field.')
    .addOption(new Option('--status <status>').choices(CONFLICT_STATUSES).default('open' as const))
    .action(async (options) => {
      const { client } = await openApi(options, context);
      const conflicts = await listAll((page) =>
        client.GET('/v1/conflicts', { params: { query: { ...page, status: options.status } } }),
      );
      const rows = conflicts.flatMap(({ id, recordId, fields, createdAt, status }) =>
        Object.entries(fields).map(([field, { source, local }]) => [
          ...[id, recordId, field, source ?? '-', local, moment(createdAt), status],
        ]),
      );
      present(options, context, conflicts, () =>
        rows.length === 0 ? ['There are none.'] : renderTable(COLUMNS, rows),
      );
    });
  withRemoteOptions(group.command('resolve'))
    .description('Choose a side for all fields of a conflict.')
    .argument('<id>', 'of the conflict')
    .addOption(new Option('--take <side>').choices(['source', 'local'] as const).makeOptionMandatory(true))
    .action(async (id, options) => {
      const { client } = await openApi(options, context);
      const body = { resolution: options.take };
      const resolved = await ask(
        client.POST('/v1/conflicts/{id}/resolve', { params: { path: { id } }, body }),
      );
      present(options, context, resolved, () => [`Resolved ${id}: ${options.take}.`]);
    });
}

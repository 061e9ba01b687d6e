import type { Command } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';
import { renderTable } from '../output/table.ts';
import { listAll } from '../remote/list-all.ts';
import { openApi, present, withRemoteOptions } from './remote-options.ts';

const COLUMNS = ['PAGE', 'STREAM', 'LEFT OUT', 'STATUS', 'ATTEMPTS', 'ERROR'].map((title) => ({ title }));

export function addFailedPages(program: Command, context: Context): void {
  withRemoteOptions(program.command('failed-pages'))
    .description('Show what a partial sync left out.')
    .argument('<sync>', 'id')
    .action(async (id, options) => {
      const { client } = await openApi(options, context);
      const pages = await listAll((query) =>
        client.GET('/v1/syncs/{id}/failed-pages', { params: { path: { id }, query } }),
      );
      const rows = pages.map(({ seq, stream, what, status, attempts, error }) => [
        ...[String(seq), stream, what, status, String(attempts), `${error.message} (${error.code})`],
      ]);
      present(options, context, pages, () =>
        rows.length === 0
          ? ['It left nothing out.']
          : [...renderTable(COLUMNS, rows), '', `Read them alone: tidemark retry ${id}`],
      );
    });
}

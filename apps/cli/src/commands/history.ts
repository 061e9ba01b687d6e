import type { Command } from '@commander-js/extra-typings';
import type { components } from '@tidemark/client';
import type { Context } from '../context.ts';
import { countOf } from '../output/figures.ts';
import { renderTable } from '../output/table.ts';
import { listAll } from '../remote/list-all.ts';
import { openApi, present, withRemoteOptions } from './remote-options.ts';

type Transition = components['schemas']['Transition'];

const COLUMNS = ['AT', 'FROM', 'TO', 'CAUSE', 'WORKER'].map((title) => ({ title }));

export function addHistory(program: Command, context: Context): void {
  withRemoteOptions(program.command('history'))
    .description('Show the changes of status of a sync and its jobs, oldest first.')
    .argument('<sync>', 'id')
    .option('--jobs', 'show those of its jobs as well')
    .action(async (id, options) => {
      const { client } = await openApi(options, context);
      const history = await listAll((query) =>
        client.GET('/v1/syncs/{id}/history', { params: { path: { id }, query } }),
      );
      present(options, context, history, () => renderHistory(history, options.jobs === true));
    });
}

/** A job changes thrice for each page of a sync, so those of its jobs are shown on demand. */
function renderHistory(history: readonly Transition[], withJobs: boolean): string[] {
  const shown = history.filter(({ jobId }) => withJobs || jobId === null);
  const rows = shown.map(({ at, from, to, cause, worker, jobId }) => [
    ...[at, from ?? '-', to, cause, worker ?? '-'],
    ...(withJobs ? [jobId ?? '-'] : []),
  ]);
  const table = renderTable(withJobs ? [...COLUMNS, { title: 'JOB' }] : COLUMNS, rows);
  const hidden = history.length - shown.length;
  return hidden === 0 ? table : [...table, '', `Its jobs changed ${countOf(hidden, 'times')}: see --jobs.`];
}

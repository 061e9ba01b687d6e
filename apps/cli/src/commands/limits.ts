import type { Command } from '@commander-js/extra-typings';
import type { components } from '@tidemark/client';
import type { Context } from '../context.ts';
import { CommandError } from '../exit-codes.ts';
import { moment } from '../output/figures.ts';
import { renderTable } from '../output/table.ts';
import { ask, type Mended } from '../remote/api.ts';
import { listAll } from '../remote/list-all.ts';
import { wholeNumber } from './arguments.ts';
import { openApi, present, withRemoteOptions } from './remote-options.ts';

type Pool = Mended<components['schemas']['LimitPool']>;

const COLUMNS = ['POOL', 'CALLS', 'AT ONCE', 'USED', 'PAUSED UNTIL', 'REASON'].map((title) => ({ title }));

export function addLimits(program: Command, context: Context): void {
  const group = program.command('limits').description('Budgets of calls to the sources.');
  withRemoteOptions(group.command('list', { isDefault: true }))
    .description('List them.')
    .action(async (options) => {
      const { client } = await openApi(options, context);
      const pools = await listAll((query) => client.GET('/v1/limits', { params: { query } }));
      present(options, context, pools, () => renderPools(pools));
    });
  withRemoteOptions(group.command('set'))
    .description('Change one, or end its pause. Takes effect while syncs run.')
    .argument('<pool>', 'name')
    .option('--max-calls <number>', 'calls in a period', wholeNumber(1, 1_000_000))
    .option('--per-seconds <number>', 'length of the period', wholeNumber(1, 86_400))
    .option('--resume', 'end a pause now')
    .action(async (pool, options) => {
      const { maxCalls, perSeconds, resume } = options;
      if (maxCalls === undefined && perSeconds === undefined && !resume) {
        throw new CommandError('nothing_to_change', 'Give --max-calls, --per-seconds or --resume.');
      }
      const { client } = await openApi(options, context);
      const body = {
        ...(maxCalls === undefined ? {} : { maxCalls }),
        ...(perSeconds === undefined ? {} : { perSeconds }),
        ...(resume ? { pausedUntil: null } : {}),
      };
      const changed = await ask(client.PATCH('/v1/limits/{pool}', { params: { path: { pool } }, body }));
      present(options, context, changed, () => renderPools([changed]));
    });
}

function renderPools(pools: readonly Pool[]): string[] {
  const rows = pools.map((pool) => [
    ...[pool.pool, `${pool.maxCalls} in ${pool.perSeconds} s`, String(pool.maxConcurrent ?? '-')],
    ...[pool.usedShare === null ? '-' : `${Math.round(pool.usedShare * 100)} %`],
    ...[moment(pool.pausedUntil), pool.reason ?? '-'],
  ]);
  return renderTable(COLUMNS, rows);
}

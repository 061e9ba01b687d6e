import { type Command, Option } from '@commander-js/extra-typings';
import type { components } from '@tidemark/client';
import { SYNC_MODES } from '@tidemark/core/contracts';
import type { Context } from '../context.ts';
import { CommandError } from '../exit-codes.ts';
import { countOf, moment } from '../output/figures.ts';
import { renderPairs } from '../output/table.ts';
import { ask, askForNothing, type Mended } from '../remote/api.ts';
import { findConnection } from '../remote/find-connection.ts';
import { wholeNumber } from './arguments.ts';
import { openApi, present, withRemoteOptions } from './remote-options.ts';

type Schedule = Mended<components['schemas']['Schedule']>;

export function addSchedule(program: Command, context: Context): void {
  const group = program.command('schedule').description('When syncs of a connection start by themselves.');
  addGet(group, context);
  addSet(group, context);
  addRemove(group, context);
}

function addGet(group: Command, context: Context): void {
  withRemoteOptions(group.command('get'))
    .description('Show the schedule of a connection.')
    .argument('<connection>', 'id, name or account')
    .action(async (reference, options) => {
      const api = await openApi(options, context);
      const { id } = await findConnection(api, reference);
      const params = { path: { id } };
      const schedule = await ask(api.client.GET('/v1/connections/{id}/schedule', { params }));
      present(options, context, schedule, () => describe(schedule));
    });
}

function addSet(group: Command, context: Context): void {
  withRemoteOptions(group.command('set'))
    .description('Create or replace the schedule of a connection: --cron, or --every.')
    .argument('<connection>', 'id, name or account')
    .option('--cron <expression>', 'minute, hour, day, month, weekday: "30 2 * * *"')
    .option('--timezone <name>', 'whose clocks the expression means', 'UTC')
    .option('--every <seconds>', 'an interval', wholeNumber(1, 31_622_400))
    .addOption(new Option('--mode <mode>').choices(SYNC_MODES).default('incremental' as const))
    .action(async (reference, options) => {
      const { cron, timezone, every, mode } = options;
      if ((cron === undefined) === (every === undefined)) {
        throw new CommandError('schedule_unclear', 'Give either --cron or --every.');
      }
      const api = await openApi(options, context);
      const { id } = await findConnection(api, reference);
      const body = cron === undefined ? { everySeconds: every ?? 0, mode } : { cron, timezone, mode };
      const params = { path: { id } };
      const schedule = await ask(api.client.PUT('/v1/connections/{id}/schedule', { params, body }));
      present(options, context, schedule, () => describe(schedule));
    });
}

function addRemove(group: Command, context: Context): void {
  withRemoteOptions(group.command('remove'))
    .description('Remove the schedule of a connection.')
    .argument('<connection>', 'id, name or account')
    .action(async (reference, options) => {
      const api = await openApi(options, context);
      const { id, name } = await findConnection(api, reference);
      await askForNothing(api.client.DELETE('/v1/connections/{id}/schedule', { params: { path: { id } } }));
      present(options, context, { id, removed: true }, () => [`"${name}" has no schedule any more.`]);
    });
}

function describe(schedule: Schedule): string[] {
  const { cron, timezone, everySeconds } = schedule;
  const times = cron === null ? `every ${everySeconds} s` : `${cron} (${timezone})`;
  return renderPairs([
    ['Times', times],
    ['Mode', schedule.mode],
    ['Next', moment(schedule.nextTickAt)],
    ['Ticks', `${countOf(schedule.ticksStarted, 'syncs')} started, ${schedule.ticksSkipped} skipped`],
  ]);
}

import type { Command } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { type Api, ask } from '../remote/api.ts';
import { findConnection } from '../remote/find-connection.ts';
import type { Sync } from '../remote/sync-view.ts';
import { followSync, isWhole } from './follow-sync.ts';
import { openApi, present, type RemoteOptions, withRemoteOptions } from './remote-options.ts';
import { readResults, renderSamples } from './results-lines.ts';
import { describeSync } from './sync-lines.ts';

export function addSync(program: Command, context: Context): void {
  withRemoteOptions(program.command('sync'))
    .description('Start a sync of a connection.')
    .argument('<connection>', 'id, name or account')
    .option('--full', 'read everything again, not only what is new')
    .option('--dry-run', 'write nothing; "preview" shows more of it')
    .option('--wait', 'follow it to its end; exit 0 only when it completed')
    .action(async (reference, options) => {
      const api = await openApi(options, context);
      const started = await start(api, reference, options);
      if (!options.wait) {
        return present(options, context, started, () => [
          `Sync ${started.id} is ${started.status}.`,
          `Look: tidemark status ${started.id}`,
        ]);
      }
      const sync = await followSync(api, started, options, context);
      if (sync === null) return;
      present(options, context, sync, () => describeSync(sync));
      context.exitWith(isWhole(sync) ? EXIT.ok : EXIT.failure);
    });
}

export function addPreview(program: Command, context: Context): void {
  withRemoteOptions(program.command('preview'))
    .description('Show what a sync would do, with a few records of each kind, and write nothing.')
    .argument('<connection>', 'id, name or account')
    .option('--full', 'read everything, not only what is new')
    .action(async (reference, options) => {
      const api = await openApi(options, context);
      await preview(api, await start(api, reference, { ...options, dryRun: true }), options, context);
    });
}

async function start(
  api: Api,
  reference: string,
  options: { full?: true | undefined; dryRun?: true | undefined },
): Promise<Sync> {
  const { id } = await findConnection(api, reference);
  const body = {
    mode: options.full ? ('full' as const) : ('incremental' as const),
    priority: 'normal' as const,
    dryRun: options.dryRun === true,
  };
  return ask(api.client.POST('/v1/connections/{id}/syncs', { params: { path: { id } }, body }));
}

async function preview(api: Api, started: Sync, options: RemoteOptions, context: Context): Promise<void> {
  const sync = await followSync(api, started, options, context);
  if (sync === null) return;
  const results = await readResults(api, sync.id);
  present(options, context, { sync, results }, () => [...describeSync(sync), '', ...renderSamples(results)]);
  context.exitWith(isWhole(sync) ? EXIT.ok : EXIT.failure);
}

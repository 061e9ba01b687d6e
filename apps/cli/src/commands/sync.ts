import type { Command } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { progressDisplay } from '../output/progress-display.ts';
import { type Api, ask } from '../remote/api.ts';
import { findConnection } from '../remote/find-connection.ts';
import type { Sync } from '../remote/sync-view.ts';
import { watchSync } from '../remote/watch-sync.ts';
import { listenForStop } from '../start/stop-request.ts';
import { openApi, present, type RemoteOptions, withRemoteOptions } from './remote-options.ts';
import { describeSync } from './sync-lines.ts';

export function addSync(program: Command, context: Context): void {
  withRemoteOptions(program.command('sync'))
    .description('Start a sync of a connection.')
    .argument('<connection>', 'id, name or account')
    .option('--full', 'read everything again, not only what is new')
    .option('--wait', 'follow it to its end; exit 0 only when it completed')
    .action(async (reference, options) => {
      const api = await openApi(options, context);
      const { id } = await findConnection(api, reference);
      const body = {
        mode: options.full ? ('full' as const) : ('incremental' as const),
        priority: 'normal' as const,
      };
      const params = { path: { id } };
      const started = await ask(api.client.POST('/v1/connections/{id}/syncs', { params, body }));
      if (options.wait) return follow(api, started, options, context);
      present(options, context, started, () => [
        `Sync ${started.id} is ${started.status}.`,
        `Look: tidemark status ${started.id}`,
      ]);
    });
}

async function follow(api: Api, started: Sync, options: RemoteOptions, context: Context): Promise<void> {
  const { terminal } = context;
  const left = new AbortController();
  const request = listenForStop({ onAgain: () => process.exit(EXIT.interrupted) });
  request.requested.then(
    () => left.abort(),
    () => {},
  );
  const display = options.json ? null : progressDisplay(terminal);
  try {
    const onProgress = display === null ? () => {} : display.update;
    const sync = await watchSync(api, { syncId: started.id, onProgress, signal: left.signal });
    display?.finish();
    present(options, context, sync, () => describeSync(sync));
    context.exitWith(sync.status === 'completed' && !sync.partial ? EXIT.ok : EXIT.failure);
  } catch (error) {
    display?.finish();
    if (!left.signal.aborted) throw error;
    terminal.note(`The sync goes on. Look: tidemark status ${started.id}`);
    context.exitWith(EXIT.interrupted);
  } finally {
    request.dispose();
  }
}

import path from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { CLAUDE_CODE, ensureOwnFiles } from '../local/own-files.ts';
import { type SomeApi, someApi } from '../local/some-api.ts';
import { progressDisplay } from '../output/progress-display.ts';
import { ApiProblemError } from '../remote/api-errors.ts';
import { type Api, ask } from '../remote/api.ts';
import { type Connection, findConnection } from '../remote/find-connection.ts';
import type { Sync } from '../remote/sync-view.ts';
import { watchSync } from '../remote/watch-sync.ts';
import { listenForStop } from '../start/stop-request.ts';
import { wholeNumber } from './arguments.ts';
import { describeDecisions, listDecisions } from './decision-lines.ts';
import { openApi, present, type RemoteOptions, withRemoteOptions } from './remote-options.ts';
import { describeSync } from './sync-lines.ts';
import { watchConnection } from './watch-connection.ts';

export interface SyncOptions extends RemoteOptions {
  full?: true | undefined;
  wait?: true | undefined;
  watch?: true | undefined;
  root?: string | undefined;
  maxFiles?: number | undefined;
  skipExisting?: true | undefined;
  local?: true | undefined;
}

export function addSync(program: Command, context: Context): void {
  withRemoteOptions(program.command('sync'))
    .description(
      'Start a sync of a connection. "claude-code" is the session files of this user: it needs neither a connection ' +
        'nor a server that runs.',
    )
    .argument('<connection>', 'id, name, account or connector')
    .option('--full', 'read everything again, not only what is new')
    .option('--wait', 'follow it to its end; exit 0 only when it completed')
    .option('--max-files <number>', 'claude-code: read at most so many files', wholeNumber(1, 1_000_000))
    .option('--skip-existing', 'claude-code: leave files alone that were read before')
    .option('--root <folder>', 'claude-code: read the files below this folder')
    .option('--local', 'claude-code: in this process, also when a server runs')
    .option('--watch', 'claude-code: then sync whenever a file changes, until stopped')
    .action(async (reference, options) => {
      if (reference === CLAUDE_CODE) return syncOwnFiles(options, context);
      const api = await openApi(options, context);
      const started = await start(api, await findConnection(api, reference), options);
      if (options.wait) return settle(api, await follow(api, started, options, context), options, context);
      present(options, context, started, () => [
        `Sync ${started.id} is ${started.status}.`,
        `Look: tidemark status ${started.id}`,
      ]);
    });
}

/** The files of this machine: through the API that runs, or one of this process alone. Followed to the end. */
async function syncOwnFiles(options: SyncOptions, context: Context): Promise<void> {
  const root = options.root === undefined ? undefined : path.resolve(context.cwd, options.root);
  const allowed = [context.variables.SESSION_ROOTS, root].filter(Boolean).join(',');
  const some = await someApi(options, context, allowed === '' ? {} : { SESSION_ROOTS: allowed });
  try {
    const connection = await ensureOwnFiles(some.api, root);
    const sync = await runToEnd(some, connection, options, context);
    await settle(some.api, sync, options, context);
    if (options.watch && sync !== null) await watchConnection(some.api, connection, options, context);
  } finally {
    await some.close();
  }
}

/** A sync that runs already is followed first: a former command may have left it, or a watch has started it. */
async function runToEnd(
  { api }: SomeApi,
  connection: Connection,
  options: SyncOptions,
  context: Context,
): Promise<Sync | null> {
  try {
    return await follow(api, await start(api, connection, options), options, context);
  } catch (error) {
    const active = error instanceof ApiProblemError ? error.problem.activeSyncId : undefined;
    if (typeof active !== 'string') throw error;
    const running = await ask(api.client.GET('/v1/syncs/{id}', { params: { path: { id: active } } }));
    if ((await follow(api, running, options, context)) === null) return null;
    return follow(api, await start(api, connection, options), options, context);
  }
}

function start(api: Api, { id }: Connection, options: SyncOptions): Promise<Sync> {
  const { maxFiles, skipExisting } = options;
  const asked = {
    ...(maxFiles === undefined ? {} : { maxFiles }),
    ...(skipExisting === undefined ? {} : { skipExisting }),
  };
  const body = {
    mode: options.full ? ('full' as const) : ('incremental' as const),
    priority: 'normal' as const,
    ...(Object.keys(asked).length > 0 ? { options: asked } : {}),
  };
  return ask(api.client.POST('/v1/connections/{id}/syncs', { params: { path: { id } }, body }));
}

/** The sync as it ended; null when nobody wants to watch any more. */
async function follow(
  api: Api,
  started: Sync,
  options: RemoteOptions,
  { terminal, exitWith }: Context,
): Promise<Sync | null> {
  const left = new AbortController();
  const request = listenForStop({ onAgain: () => process.exit(EXIT.interrupted) });
  request.requested.then(
    () => left.abort(),
    () => {},
  );
  const display = options.json ? null : progressDisplay(terminal);
  try {
    const onProgress = display === null ? () => {} : display.update;
    return await watchSync(api, { syncId: started.id, onProgress, signal: left.signal });
  } catch (error) {
    if (!left.signal.aborted) throw error;
    terminal.note(`The sync goes on where it stands. Look: tidemark status ${started.id}`);
    exitWith(EXIT.interrupted);
    return null;
  } finally {
    display?.finish();
    request.dispose();
  }
}

/** Prints what came of it, with what was decided about each session where the connector tells. */
async function settle(api: Api, sync: Sync | null, options: RemoteOptions, context: Context): Promise<void> {
  if (sync === null) return;
  const decisions = sync.connector === CLAUDE_CODE ? await listDecisions(api, sync.id) : null;
  const shown = decisions === null ? sync : { ...sync, decisions };
  present(options, context, shown, () => [
    ...describeSync(sync),
    ...(decisions === null || decisions.length === 0 ? [] : ['', ...describeDecisions(decisions)]),
  ]);
  context.exitWith(sync.status === 'completed' && !sync.partial ? EXIT.ok : EXIT.failure);
}

import type { Command } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { CLAUDE_CODE, withOwnFiles } from '../local/own-files.ts';
import { ApiProblemError } from '../remote/api-errors.ts';
import { type Api, ask } from '../remote/api.ts';
import { type Connection, findConnection } from '../remote/find-connection.ts';
import type { Sync } from '../remote/sync-view.ts';
import { wholeNumber } from './arguments.ts';
import { describeDecisions, listDecisions } from './decision-lines.ts';
import { followSync, isWhole } from './follow-sync.ts';
import { openApi, present, type RemoteOptions, withRemoteOptions } from './remote-options.ts';
import { readResults, renderSamples } from './results-lines.ts';
import { describeSync } from './sync-lines.ts';
import { watchConnection } from './watch-connection.ts';

export interface SyncOptions extends RemoteOptions {
  full?: true | undefined;
  dryRun?: true | undefined;
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
    .option('--dry-run', 'write nothing; "preview" shows more of it')
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
      if (options.wait)
        return settle(api, await followSync(api, started, options, context), options, context);
      present(options, context, started, () => [
        `Sync ${started.id} is ${started.status}.`,
        `Look: tidemark status ${started.id}`,
      ]);
    });
}

export function addPreview(program: Command, context: Context): void {
  withRemoteOptions(program.command('preview'))
    .description('Show what a sync would do, with a few records of each kind, and write nothing.')
    .argument('<connection>', 'id, name, account or connector')
    .option('--full', 'read everything, not only what is new')
    .option('--max-files <number>', 'claude-code: read at most so many files', wholeNumber(1, 1_000_000))
    .option('--skip-existing', 'claude-code: leave files alone that were read before')
    .option('--root <folder>', 'claude-code: read the files below this folder')
    .option('--local', 'claude-code: in this process, also when a server runs')
    .action(async (reference, given) => {
      const options = { ...given, dryRun: true as const };
      if (reference === CLAUDE_CODE) {
        return withOwnFiles(options, context, async (api, connection) => {
          await preview(api, await runToEnd(api, connection, options, context), options, context);
        });
      }
      const api = await openApi(options, context);
      const started = await start(api, await findConnection(api, reference), options);
      await preview(api, await followSync(api, started, options, context), options, context);
    });
}

/** The files of this machine: through the API that runs, or one of this process alone. Followed to the end. */
function syncOwnFiles(options: SyncOptions, context: Context): Promise<void> {
  return withOwnFiles(options, context, async (api, connection) => {
    const sync = await runToEnd(api, connection, options, context);
    await settle(api, sync, options, context);
    if (options.watch && sync !== null) await watchConnection(api, connection, options, context);
  });
}

/** A sync that runs already is followed first: a former command may have left it, or a watch has started it. */
async function runToEnd(
  api: Api,
  connection: Connection,
  options: SyncOptions,
  context: Context,
): Promise<Sync | null> {
  try {
    return await followSync(api, await start(api, connection, options), options, context);
  } catch (error) {
    const active = error instanceof ApiProblemError ? error.problem.activeSyncId : undefined;
    if (typeof active !== 'string') throw error;
    const running = await ask(api.client.GET('/v1/syncs/{id}', { params: { path: { id: active } } }));
    if ((await followSync(api, running, options, context)) === null) return null;
    return followSync(api, await start(api, connection, options), options, context);
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
    dryRun: options.dryRun === true,
    ...(Object.keys(asked).length > 0 ? { options: asked } : {}),
  };
  return ask(api.client.POST('/v1/connections/{id}/syncs', { params: { path: { id } }, body }));
}

async function preview(api: Api, sync: Sync | null, options: RemoteOptions, context: Context): Promise<void> {
  if (sync === null) return;
  const [results, decisions] = [await readResults(api, sync.id), await decisionsOf(api, sync)];
  present(options, context, { sync, results, ...(decisions === null ? {} : { decisions }) }, () => [
    ...describeSync(sync),
    '',
    ...renderSamples(results),
    ...decisionLines(decisions),
  ]);
  context.exitWith(isWhole(sync) ? EXIT.ok : EXIT.failure);
}

/** Prints what came of it, with what was decided about each session where the connector tells. */
async function settle(api: Api, sync: Sync | null, options: RemoteOptions, context: Context): Promise<void> {
  if (sync === null) return;
  const decisions = await decisionsOf(api, sync);
  const shown = decisions === null ? sync : { ...sync, decisions };
  present(options, context, shown, () => [...describeSync(sync), ...decisionLines(decisions)]);
  context.exitWith(isWhole(sync) ? EXIT.ok : EXIT.failure);
}

type Decisions = Awaited<ReturnType<typeof listDecisions>>;

async function decisionsOf(api: Api, sync: Sync): Promise<Decisions | null> {
  return sync.connector === CLAUDE_CODE ? listDecisions(api, sync.id) : null;
}

function decisionLines(decisions: Decisions | null): string[] {
  return decisions === null || decisions.length === 0 ? [] : ['', ...describeDecisions(decisions)];
}

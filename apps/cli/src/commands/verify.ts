import type { Command } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { CLAUDE_CODE, withOwnFiles } from '../local/own-files.ts';
import { type Api, ask } from '../remote/api.ts';
import { type Connection, findConnection } from '../remote/find-connection.ts';
import { followSync, isWhole } from './follow-sync.ts';
import { openApi, present, type RemoteOptions, withRemoteOptions } from './remote-options.ts';
import { readResults, renderFindings, type StreamResult } from './results-lines.ts';
import { describeSync } from './sync-lines.ts';

export function addVerify(program: Command, context: Context): void {
  withRemoteOptions(program.command('verify'))
    .description('Compare what is stored with the source. Exits 0 only when nothing is left to be done.')
    .argument('<connection>', 'id, name, account or connector')
    .option('--repair', 'write what is missing or differs, and mark what is extra as deleted')
    .option('--root <folder>', 'claude-code: the files below this folder')
    .option('--local', 'claude-code: in this process, also when a server runs')
    .action(async (reference, options) => {
      if (reference === CLAUDE_CODE) {
        return withOwnFiles(options, context, (api, connection) => verify(api, connection, options, context));
      }
      const api = await openApi(options, context);
      await verify(api, await findConnection(api, reference), options, context);
    });
}

async function verify(
  api: Api,
  { id }: Connection,
  options: RemoteOptions & { repair?: true | undefined },
  context: Context,
): Promise<void> {
  const repair = options.repair === true;
  const params = { path: { id } };
  const started = await ask(api.client.POST('/v1/connections/{id}/verify', { params, body: { repair } }));
  const sync = await followSync(api, started, options, context);
  if (sync === null) return;
  const results = await readResults(api, sync.id);
  present(options, context, { sync, results }, () => [
    ...describeSync(sync),
    '',
    ...renderFindings(results, repair),
  ]);
  const isClean = isWhole(sync) && results.every((result) => isFine(result, repair));
  context.exitWith(isClean ? EXIT.ok : EXIT.failure);
}

/** A repair deletes what it may; where nobody can tell what is extra it is not known to be none. */
function isFine({ findings, records }: StreamResult, repair: boolean): boolean {
  if (findings === null) return true;
  const { missing, differing, extra } = findings;
  const isMended = repair || missing.count + differing.count === 0;
  return isMended && extra !== null && extra.count <= (repair ? records.deleted : 0);
}

import { createInterface } from 'node:readline/promises';
import type { Command } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';
import { CommandError } from '../exit-codes.ts';
import { CLAUDE_CODE, withOwnFiles } from '../local/own-files.ts';
import { type Api, ask } from '../remote/api.ts';
import { type Connection, findConnection } from '../remote/find-connection.ts';
import { openApi, present, type RemoteOptions, withRemoteOptions } from './remote-options.ts';

export function addReset(program: Command, context: Context): void {
  withRemoteOptions(program.command('reset'))
    .description(
      'Forget how far a connection is complete: its next sync reads everything. What is stored stays.',
    )
    .argument('<connection>', 'id, name, account or connector')
    .option('--yes', 'do not ask')
    .option('--root <folder>', 'claude-code: the files below this folder')
    .option('--local', 'claude-code: in this process, also when a server runs')
    .action(async (reference, options) => {
      if (reference === CLAUDE_CODE) {
        return withOwnFiles(options, context, (api, connection) => reset(api, connection, options, context));
      }
      const api = await openApi(options, context);
      await reset(api, await findConnection(api, reference), options, context);
    });
}

async function reset(
  api: Api,
  { id, name, connector }: Connection,
  options: RemoteOptions & { yes?: true | undefined },
  context: Context,
): Promise<void> {
  if (!options.yes) await confirm(`Reset "${name}"? Its next sync reads everything. [y/N] `);
  const state = await ask(api.client.POST('/v1/connections/{id}/reset', { params: { path: { id } } }));
  const again = connector === CLAUDE_CODE ? CLAUDE_CODE : `${id} --wait`;
  present(options, context, state, () => [
    `Reset "${name}": the next sync reads everything.`,
    `Start it: tidemark sync ${again}`,
  ]);
}

/** The question goes to standard error: it is no part of a result. */
async function confirm(question: string): Promise<void> {
  if (process.stdin.isTTY !== true) {
    throw new CommandError('confirmation_missing', 'There is nobody to ask: give --yes.');
  }
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await reader.question(question);
    if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError('not_confirmed', 'Nothing was changed.');
  } finally {
    reader.close();
  }
}

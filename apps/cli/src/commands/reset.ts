import { createInterface } from 'node:readline/promises';
import type { Command } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';
import { CommandError } from '../exit-codes.ts';
import { ask } from '../remote/api.ts';
import { findConnection } from '../remote/find-connection.ts';
import { openApi, present, withRemoteOptions } from './remote-options.ts';

export function addReset(program: Command, context: Context): void {
  withRemoteOptions(program.command('reset'))
    .description(
      'Forget how far a connection is complete: its next sync reads everything. What is stored stays.',
    )
    .argument('<connection>', 'id, name or account')
    .option('--yes', 'do not ask')
    .action(async (reference, options) => {
      const api = await openApi(options, context);
      const { id, name } = await findConnection(api, reference);
      if (!options.yes) await confirm(`Reset "${name}"? Its next sync reads everything. [y/N] `);
      const state = await ask(api.client.POST('/v1/connections/{id}/reset', { params: { path: { id } } }));
      present(options, context, state, () => [
        `Reset "${name}": the next sync reads everything.`,
        `Start it: tidemark sync ${id} --wait`,
      ]);
    });
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

import type { Command } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';
import { DEFAULT_CONVERSATIONS, DEFAULT_MESSAGES } from '../demo/demo-plan.ts';
import { wholeNumber } from './arguments.ts';

export function addDemo(program: Command, context: Context): void {
  program
    .command('demo')
    .description('Start everything on this machine, run a first sync and show what came of it.')
    .option('--once', 'stop everything after the sync; exit 0 only when all of the source is stored')
    .option('--port <port>', 'where the API listens (default: 3000, or a free one)', wholeNumber(0, 65_535))
    .option(
      '--conversations <number>',
      'of the simulated Page',
      wholeNumber(1, 100_000),
      DEFAULT_CONVERSATIONS,
    )
    .option('--messages <number>', 'of the simulated Page', wholeNumber(1, 10_000_000), DEFAULT_MESSAGES)
    .action(async ({ once = false, port, conversations, messages }) => {
      // Loaded only then: the client commands need neither database nor servers.
      const { runDemo } = await import('../demo/run-demo.ts');
      const { terminal, variables, cwd } = context;
      const options = { once, port, conversations, messages };
      context.exitWith(await runDemo({ options, variables, cwd, terminal }));
    });
}

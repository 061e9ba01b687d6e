import { Argument, type Command, Option } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';

export function addStart(program: Command, context: Context): void {
  program
    .command('start')
    .description('Start the API, a worker, or both. Everything is set by the environment: see .env.example.')
    .addArgument(new Argument('<role>', 'what to start').choices(['api', 'worker', 'all'] as const))
    .addOption(new Option('--until-parent-ends', 'stop when the parent process ends').hideHelp())
    .action(async (role, { untilParentEnds = false }) => {
      // Loaded only then: the client commands need neither database nor servers.
      const { runRole } = await import('../start/run-role.ts');
      const { terminal, variables, cwd } = context;
      context.exitWith(await runRole(role, { variables, cwd, terminal, untilParentEnds }));
    });
}

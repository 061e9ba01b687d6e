import { readFileSync } from 'node:fs';
import { Command } from '@commander-js/extra-typings';
import { addConnections } from './commands/connections.ts';
import { addConflicts } from './commands/conflicts.ts';
import { addControls } from './commands/control-sync.ts';
import { addDemo } from './commands/demo.ts';
import { addFailedPages } from './commands/failed-pages.ts';
import { addHistory } from './commands/history.ts';
import { addKeys } from './commands/keys.ts';
import { addLimits } from './commands/limits.ts';
import { addQuarantine } from './commands/quarantine.ts';
import { addReset } from './commands/reset.ts';
import { addSchedule } from './commands/schedule.ts';
import { addStart } from './commands/start.ts';
import { addStatus } from './commands/status.ts';
import { addPreview, addSync } from './commands/sync.ts';
import { addVerify } from './commands/verify.ts';
import type { Context } from './context.ts';

export type Program = Pick<Command, 'parseAsync'>;

/** The commands and what they are called with. Wrong arguments are answered with the usage, on standard error. */
export function buildProgram(context: Context): Program {
  const { terminal } = context;
  const program = new Command('tidemark')
    .description('Syncs paginated, rate-limited APIs into your own PostgreSQL.')
    .version(version(), '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .helpCommand(false)
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .exitOverride()
    .showHelpAfterError()
    .configureOutput({
      writeOut: (text) => terminal.write(text),
      writeErr: (text) => terminal.note(text.trimEnd()),
    });
  for (const add of [
    addDemo,
    addStart,
    addConnections,
    addSync,
    addPreview,
    addVerify,
    addControls,
    addStatus,
    addHistory,
    addFailedPages,
    addQuarantine,
    addConflicts,
    addSchedule,
    addLimits,
    addReset,
    addKeys,
  ]) {
    add(program, context);
  }
  return program;
}

/** The package's own, whether this runs from the source or built. */
function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version: found } = JSON.parse(text) as { version: string };
  return found;
}

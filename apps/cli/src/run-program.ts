import { CommanderError } from '@commander-js/extra-typings';
import type { Context } from './context.ts';
import { CommandError, EXIT } from './exit-codes.ts';
import type { Terminal } from './output/terminal.ts';
import type { Program } from './program.ts';

/** Runs the command the arguments ask for. Resolves with the exit code; what went wrong is printed. */
export async function runProgram(
  args: readonly string[],
  terminal: Terminal,
  build: (context: Context) => Program,
): Promise<number> {
  let code: number = EXIT.ok;
  const exitWith = (wanted: number) => {
    code = wanted;
  };
  const context: Context = { terminal, variables: process.env, cwd: process.cwd(), exitWith };
  try {
    await build(context).parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // Help and version end this way as well; commander has printed what there is to say.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (!(error instanceof CommandError)) throw error;
    terminal.note(error.message);
    for (const line of error.more) terminal.note(line);
    return EXIT.failure;
  }
}

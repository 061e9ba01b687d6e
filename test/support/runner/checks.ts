import { runCommand } from './run-command.ts';

/** Something other than a test that has to be right. */
export interface Check {
  name: string;
  /** Each has to succeed. Run with the Node of this process unless it is a script of ours. */
  commands: readonly (readonly string[])[];
}

const BIOME = 'node_modules/@biomejs/biome/bin/biome';
const TSC = 'node_modules/typescript/bin/tsc';

/** All checks, the quick ones first. */
export const CHECKS: readonly Check[] = [
  { name: 'format', commands: [[BIOME, 'format', '.']] },
  { name: 'lint', commands: [[BIOME, 'lint', '--error-on-warnings', '.']] },
  {
    name: 'types',
    commands: [
      [TSC, '--build'],
      [TSC, '-p', 'test', '--noEmit'],
    ],
  },
  { name: 'migrations', commands: [['./script/check-migrations']] },
];

/** Runs a check; returns the output of what failed, or `undefined`. */
export async function failureOf(check: Check): Promise<string | undefined> {
  for (const [program = '', ...args] of check.commands) {
    const { ok, output } = program.startsWith('./script/')
      ? await runCommand(program, args)
      : await runCommand(process.execPath, [program, ...args]);
    if (!ok) return output;
  }
  return undefined;
}

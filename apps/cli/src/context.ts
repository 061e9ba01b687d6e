import type { Terminal } from './output/terminal.ts';

/** What every command is given of the world. */
export interface Context {
  terminal: Terminal;
  variables: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** What the program ends with, unless the command fails. */
  exitWith(code: number): void;
}

import { styleText } from 'node:util';

/** Marks a part of the text; without colour the text stays as it is. */
export type Paint = (style: 'cyan' | 'gray' | 'green' | 'red' | 'yellow' | 'bold', text: string) => string;

/** Where a command writes. The only place that touches the standard streams. */
export interface Terminal {
  /** A line of the result, on standard output. */
  print(line?: string): void;
  /** A line for the person in front of it, on standard error: never part of a result. */
  note(line: string): void;
  /** Text without a line end, on standard output; for what is redrawn. */
  write(text: string): void;
  /** Whether standard output is looked at by a person, so that lines can be redrawn. */
  readonly isInteractive: boolean;
  /** Characters in a line. */
  readonly columns: number;
  readonly paint: Paint;
}

/** A reader that has seen enough (`… | head`) is no reason to fail. */
function ignoreBrokenPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const DEFAULT_COLUMNS = 80;

/** The terminal of this process. Colour only on a TTY, and not with NO_COLOR. */
export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  ignoreBrokenPipe(stdout);
  ignoreBrokenPipe(stderr);
  return {
    print: (line = '') => {
      stdout.write(`${line}\n`);
    },
    note: (line) => {
      stderr.write(`${line}\n`);
    },
    write: (text) => {
      stdout.write(text);
    },
    isInteractive: stdout.isTTY === true && process.env.TERM !== 'dumb',
    get columns() {
      return stdout.columns ?? DEFAULT_COLUMNS;
    },
    paint: (style, text) => styleText(style, text, { stream: stdout }),
  };
}

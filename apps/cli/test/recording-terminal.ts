import type { Terminal } from '../src/output/terminal.ts';

/** A terminal that keeps what was written. */
export interface RecordingTerminal extends Terminal {
  readonly out: string;
  readonly err: string;
}

export function recordingTerminal({ isInteractive = false, columns = 80 } = {}): RecordingTerminal {
  const written = { out: '', err: '' };
  return {
    isInteractive,
    columns,
    paint: (_style, text) => text,
    print: (line = '') => {
      written.out += `${line}\n`;
    },
    note: (line) => {
      written.err += `${line}\n`;
    },
    write: (text) => {
      written.out += text;
    },
    get out() {
      return written.out;
    },
    get err() {
      return written.err;
    },
  };
}

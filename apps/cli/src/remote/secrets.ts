import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { CommandError } from '../exit-codes.ts';
import type { Terminal } from '../output/terminal.ts';

/** Reads secrets without letting them be seen: not from arguments, which every user of a machine can list. */
export interface SecretReader {
  /** Asks on the terminal, without an echo. Null when there is nobody to ask. */
  prompt(question: string): Promise<string | null>;
  /** The lines of standard input, without empty ones at the end. */
  lines(): Promise<string[]>;
}

/** Reads from the standard input of this process. */
export function stdinSecrets(terminal: Pick<Terminal, 'note'>): SecretReader {
  return {
    prompt: async (question) => {
      if (process.stdin.isTTY !== true) return null;
      terminal.note(`${question} (not shown):`);
      const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
      const reader = createInterface({ input: process.stdin, output: nowhere, terminal: true });
      const cancelled = new AbortController();
      reader.once('SIGINT', () => cancelled.abort());
      try {
        return (await reader.question('', { signal: cancelled.signal })).trim();
      } catch {
        throw new CommandError('prompt_cancelled', 'Cancelled.');
      } finally {
        reader.close();
      }
    },
    lines: async () => {
      let text = '';
      for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
      return text.trimEnd().split(/\r?\n/);
    },
  };
}

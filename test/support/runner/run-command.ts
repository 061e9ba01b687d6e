import { spawn } from 'node:child_process';

/** How a command ended and what it printed. */
export interface CommandResult {
  ok: boolean;
  output: string;
}

/** Runs a command of the repository and collects its output. */
export async function runCommand(command: string, args: readonly string[]): Promise<CommandResult> {
  const { NODE_ENV: _notOurs, ...env } = process.env;
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  return await new Promise((resolve) => {
    child.once('error', (error) => resolve({ ok: false, output: error.message }));
    child.once('close', (code) => resolve({ ok: code === 0, output }));
  });
}

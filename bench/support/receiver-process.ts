import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '../../test/support/eventually.ts';
import { findFreePort } from '../../test/support/free-port.ts';
import { guardProcess } from './services.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A program that takes in webhooks. */
export interface ReceiverProcess {
  pid: number;
  /** Where deliveries are posted to. */
  url: string;
  stop(): Promise<void>;
}

/**
 * Starts a program that listens on `PORT`. What it logs goes into a file, as in production to whatever collects it:
 * reading it here would take processor time from what is measured.
 */
export async function startReceiver(
  file: string,
  env: Readonly<Record<string, string>>,
  logFile: string,
): Promise<ReceiverProcess> {
  const { PATH = '', HOME = '' } = process.env;
  const port = await findFreePort();
  const log = await open(logFile, 'w');
  const child = spawn(process.execPath, ['--conditions=source', path.resolve(ROOT, file)], {
    cwd: ROOT,
    env: { PATH, HOME, NODE_ENV: 'production', ...env, PORT: String(port) },
    stdio: ['ignore', log.fd, log.fd],
  });
  const exited = once(child, 'exit');
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} did not start`);
  await guardProcess(pid);
  await log.close();
  const url = `http://127.0.0.1:${port}/webhooks/messenger`;
  await eventually(() => fetch(url), { timeoutMs: 30_000 });
  return {
    pid,
    url,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

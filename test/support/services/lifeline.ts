import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONTROL_SOCKET, RUN_DIRECTORY } from './protocol.ts';
import { makeRunDirectory } from './run-directory.ts';

const END_MS = 180_000;

/** The process that holds the services, from jest's side. */
export interface Lifeline {
  /** Lets go; returns when every service is down. */
  release(): Promise<void>;
}

/** Starts the process that holds the services; the services themselves start when a test first needs them. */
export async function openLifeline(): Promise<Lifeline> {
  const runDirectory = await makeRunDirectory();
  const program = fileURLToPath(new URL('./main.ts', import.meta.url));
  const { NODE_OPTIONS: _forJest, ...env } = process.env;
  const child = spawn(process.execPath, ['--conditions=source', program, runDirectory], {
    env,
    cwd: runDirectory,
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit').then(([code]) => code);
  const ready = once(child.stdout, 'data');
  const outcome = await Promise.race([ready, exited]);
  if (!Array.isArray(outcome)) throw new Error(`the test services did not start (code ${outcome})`);
  process.env[CONTROL_SOCKET] = path.join(runDirectory, 'control.sock');
  process.env[RUN_DIRECTORY] = runDirectory;
  // Jest ends when its tests do; the closing pipe tells the other side.
  child.stdout.destroy();
  child.unref();
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  return {
    release: async () => {
      child.ref();
      child.stdin.end();
      const hard = setTimeout(() => child.kill('SIGKILL'), END_MS);
      const code = await exited;
      clearTimeout(hard);
      if (code !== 0) throw new Error(`the test services did not end cleanly (code ${code})`);
    },
  };
}

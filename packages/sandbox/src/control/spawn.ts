import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { SimulatorControl } from './client.ts';

/** A simulator in a process of its own. */
export interface SpawnedSimulator {
  readonly url: string;
  readonly control: SimulatorControl;
  readonly process: ChildProcess;
  /** Ends it and waits until it is gone; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** The program beside this module, as source or compiled. */
const MAIN = fileURLToPath(
  new URL(`../main.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url),
);

/**
 * Starts the simulator as a program with these arguments, and waits until it listens. It ends by itself when
 * the calling process dies, however it dies.
 */
export async function spawnSimulator(args: readonly string[] = []): Promise<SpawnedSimulator> {
  const argv = ['--conditions=source', MAIN, '--until-stdin-ends', ...args];
  const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'pipe'] });
  const complaints: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk.toString()));
  const line = await firstLine(child.stdout);
  if (line === null) {
    if (child.exitCode === null) await once(child, 'exit');
    throw new Error(`the simulator did not start: ${complaints.join('')}`);
  }
  const { url } = JSON.parse(line) as { url: string };
  return { url, control: new SimulatorControl(url), process: child, stop: () => stop(child) };
}

async function firstLine(stdout: Readable): Promise<string | null> {
  for await (const line of createInterface({ input: stdout })) return line;
  return null;
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }
  return child.exitCode;
}

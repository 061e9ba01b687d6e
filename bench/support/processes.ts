import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { StartProgram } from '../../test/support/engine/worker-process.ts';
import type { Exit, LinePredicate } from '../../test/support/processes.ts';
import { guardProcess } from './services.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const WAIT_MS = 120_000;

/** Runs a program of the repository from its source. It is gone when the benchmark is. */
export const startProgram: StartProgram = async (file, { args = [], env = {} }) => {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(
    process.execPath,
    ['--conditions=source', '--expose-gc', path.resolve(ROOT, file), ...args],
    { cwd: ROOT, env: { PATH, HOME, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const lines = new Lines(file);
  const closed: Promise<Exit> = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => lines.add(line));
  }
  const end = async (signal: NodeJS.Signals): Promise<Exit> => {
    child.kill(signal);
    return await closed;
  };
  closed.then(
    ({ code, signal }) => lines.end(`it ended with ${signal ?? `code ${code}`}`),
    (error: unknown) => lines.end(String(error)),
  );
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} did not start`);
  await guardProcess(pid);
  return {
    pid,
    lines: lines.all,
    waitForLine: (matches, { timeoutMs = WAIT_MS, from = 0 } = {}) => lines.waitFor(matches, timeoutMs, from),
    signal: (signal) => {
      child.kill(signal);
    },
    waitForExit: ({ timeoutMs = WAIT_MS } = {}) => within(closed, timeoutMs, `${file} did not end`),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
};

class Lines {
  readonly all: string[] = [];
  readonly #program: string;
  readonly #listeners = new Set<() => void>();
  #ended: string | undefined;

  constructor(program: string) {
    this.#program = program;
  }

  add(line: string): void {
    this.all.push(line);
    for (const listener of this.#listeners) listener();
  }

  end(reason: string): void {
    this.#ended = reason;
    for (const listener of this.#listeners) listener();
  }

  async waitFor(matches: LinePredicate, timeoutMs: number, from: number): Promise<string> {
    const test = matches instanceof RegExp ? (line: string) => matches.test(line) : matches;
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const told = () =>
      `${this.#program} did not print ${matches} ${this.#ended ?? ''}:\n${this.all.slice(-20).join('\n')}`;
    let next = from;
    const look = (): void => {
      for (; next < this.all.length; next += 1) {
        const line = this.all[next];
        if (line === undefined || !test(line)) continue;
        resolve(line);
        return;
      }
      if (this.#ended !== undefined) reject(new Error(told()));
    };
    this.#listeners.add(look);
    look();
    return await within(promise, timeoutMs, told).finally(() => this.#listeners.delete(look));
  }
}

async function within<T>(promise: Promise<T>, ms: number, problem: string | (() => string)): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new Error(typeof problem === 'string' ? problem : problem()));
  }, ms);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

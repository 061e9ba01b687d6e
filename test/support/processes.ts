import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll } from '@jest/globals';
import { processIdentity } from '../../packages/db/src/embedded/process-identity.ts';
import { ask } from './services/ask.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Far more than any of these takes on an idle machine: only what never comes is to fail. */
const DEFAULT_WAIT_MS = 120_000;
const STOP_MS = 60_000;

/** How a process ended. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** What a line of output has to be like. */
export type LinePredicate = RegExp | ((line: string) => boolean);

/** A program of the repository that runs as a process of its own. */
export interface Program {
  pid: number;
  /** Everything it printed so far, standard output and error, line by line. */
  lines: readonly string[];
  /** The first line from `from` on (default: the first of all) that matches; fails at the deadline or when it exits. */
  waitForLine(matches: LinePredicate, options?: { timeoutMs?: number; from?: number }): Promise<string>;
  signal(signal: NodeJS.Signals): void;
  /** Returns when it ended by itself or by an earlier signal; fails at the deadline. */
  waitForExit(options?: { timeoutMs?: number }): Promise<Exit>;
  /** SIGTERM, and SIGKILL after a minute. */
  stop(): Promise<Exit>;
  /** SIGKILL. */
  kill(): Promise<Exit>;
}

/** How a program is started. */
export interface ProgramOptions {
  args?: readonly string[];
  /** The environment besides what all inherit: what a developer has set must not leak in. */
  env?: Record<string, string>;
  cwd?: string;
  /** Whom it runs as, when the tests run as root. */
  user?: { uid: number; gid: number };
  /** Another copy of Node, for a user who cannot reach this one. */
  node?: string;
}

const started: Program[] = [];

afterAll(async () => {
  await Promise.all(started.map((program) => program.kill()));
});

/** What programs get of our environment. */
export function inheritedEnvironment(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'NODE_COMPILE_CACHE'];
  return Object.fromEntries(
    names.flatMap((name): [string, string][] => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Runs a program from its TypeScript source; `file` is relative to the root of the repository. */
export async function startProgram(file: string, options: ProgramOptions = {}): Promise<Program> {
  const nodeArgs = ['--conditions=source', path.resolve(ROOT, file), ...(options.args ?? [])];
  const child = spawn(options.node ?? process.execPath, nodeArgs, {
    ...options.user,
    cwd: options.cwd ?? ROOT,
    env: { ...inheritedEnvironment(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = new OutputLines(file);
  // 'close' comes after the last line was read, 'exit' may come before it.
  const closed: Promise<Exit> = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => output.add(line));
  }
  closed.then(
    ({ code, signal }) => output.end(`it ended with ${signal ?? `code ${code}`}`),
    (error: unknown) => output.end(String(error)),
  );
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} did not start`);
  const program = describeProgram(child, pid, output, closed);
  started.push(program);
  const identity = processIdentity(pid);
  if (identity !== undefined) await ask('/guard', { kind: 'process', identity });
  return program;
}

function describeProgram(
  child: ChildProcess,
  pid: number,
  output: OutputLines,
  closed: Promise<Exit>,
): Program {
  const waitForExit: Program['waitForExit'] = ({ timeoutMs = DEFAULT_WAIT_MS } = {}) =>
    withDeadline(closed, timeoutMs, () => output.describe('did not end'));
  return {
    pid,
    lines: output.lines,
    waitForLine: (matches, wait) =>
      output.waitFor(matches, wait?.timeoutMs ?? DEFAULT_WAIT_MS, wait?.from ?? 0),
    signal: (signal) => {
      child.kill(signal);
    },
    waitForExit,
    stop: async () => {
      child.kill('SIGTERM');
      const hard = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      return await waitForExit().finally(() => clearTimeout(hard));
    },
    kill: async () => {
      child.kill('SIGKILL');
      return await waitForExit();
    },
  };
}

/** The lines a process printed, and those who wait for one. */
class OutputLines {
  readonly lines: string[] = [];
  readonly #program: string;
  readonly #listeners = new Set<() => void>();
  #ended: string | undefined;

  constructor(program: string) {
    this.#program = program;
  }

  add(line: string): void {
    this.lines.push(line);
    this.#notify();
  }

  end(reason: string): void {
    this.#ended = reason;
    this.#notify();
  }

  describe(problem: string): string {
    return `${this.#program} ${problem}. Its last lines:\n${this.lines.slice(-30).join('\n')}`;
  }

  async waitFor(matches: LinePredicate, timeoutMs: number, from: number): Promise<string> {
    const test = matches instanceof RegExp ? (line: string) => matches.test(line) : matches;
    let next = from;
    let listener: (() => void) | undefined;
    const found = new Promise<string>((resolve, reject) => {
      listener = () => {
        for (; next < this.lines.length; next += 1) {
          const line = this.lines[next];
          if (line !== undefined && test(line)) return resolve(line);
        }
        if (this.#ended !== undefined) {
          reject(new Error(this.describe(`did not print ${matches} before ${this.#ended}`)));
        }
      };
      this.#listeners.add(listener);
      listener();
    });
    try {
      return await withDeadline(found, timeoutMs, () =>
        this.describe(`did not print ${matches} in ${timeoutMs} ms`),
      );
    } finally {
      if (listener !== undefined) this.#listeners.delete(listener);
    }
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

async function withDeadline<T>(promise: Promise<T>, timeoutMs: number, problem: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(problem())), timeoutMs);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

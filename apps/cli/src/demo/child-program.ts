import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../exit-codes.ts';
import { parseReadyMessage } from '../start/parent-message.ts';

export type ChildRole = 'api' | 'worker';

export interface LaunchOptions {
  role: ChildRole;
  variables: Readonly<Record<string, string | undefined>>;
  logDir: string;
}

/** How a program ended. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** One of our programs in a process of its own. */
export interface ChildProgram {
  readonly role: ChildRole;
  readonly pid: number;
  readonly logFile: string;
  /** Resolves when it is up, with the URL it listens at; fails when it ends before. */
  readonly ready: Promise<string | null>;
  readonly exited: Promise<Exit>;
  /** SIGTERM, and SIGKILL when that does not help. */
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): void;
}

const SOURCE = import.meta.url.endsWith('.ts');
const MAIN = fileURLToPath(new URL(`../main.${SOURCE ? 'ts' : 'js'}`, import.meta.url));

/** A role gives itself 9.5 seconds. */
const KILL_AFTER_MS = 11_000;

/**
 * Starts a role of this program. It has a session of its own, so that Ctrl-C reaches the demo alone, which then
 * stops the programs in order; when the demo itself is killed, they end because their channel to it closes.
 */
export async function launch({ role, variables, logDir }: LaunchOptions): Promise<ChildProgram> {
  const logFile = path.join(logDir, `${role}.log`);
  const log = await open(logFile, 'a');
  try {
    const conditions = SOURCE ? ['--conditions=source'] : [];
    const child = spawn(process.execPath, [...conditions, MAIN, 'start', role, '--until-parent-ends'], {
      env: variables,
      detached: true,
      stdio: ['ignore', log.fd, log.fd, 'ipc'],
    });
    await once(child, 'spawn');
    return describe(child, role, logFile);
  } finally {
    await log.close();
  }
}

function describe(child: ChildProcess, role: ChildRole, logFile: string): ChildProgram {
  const exited: Promise<Exit> = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  const ready = whenReady(child, exited, () => failure(role, exited, logFile));
  // Whoever does not wait for it learns of the end from `exited`.
  ready.catch(() => {});
  return {
    role,
    pid: child.pid ?? 0,
    logFile,
    ready,
    exited,
    stop: async () => {
      child.kill('SIGTERM');
      const hard = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
      await exited.finally(() => clearTimeout(hard));
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}

async function whenReady(
  child: ChildProcess,
  exited: Promise<Exit>,
  explain: () => Promise<Error>,
): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<{ url: string | null }>();
  const onMessage = (message: unknown) => {
    const ready = parseReadyMessage(message);
    if (ready !== null) resolve(ready);
  };
  child.on('message', onMessage);
  try {
    const first = await Promise.race([promise, exited.then(() => null)]);
    if (first === null) throw await explain();
    return first.url;
  } finally {
    child.off('message', onMessage);
  }
}

const TAIL_LINES = 15;

/** Says that the program ended although it should not have, with the last lines of its log. */
export async function failure(
  role: ChildRole,
  exited: Promise<Exit>,
  logFile: string,
): Promise<CommandError> {
  const { code, signal } = await exited;
  const lines = (await readFile(logFile, 'utf8').catch(() => '')).trimEnd().split('\n').slice(-TAIL_LINES);
  const how = signal ?? `code ${code}`;
  return new CommandError('child_ended', `The ${nameOf(role)} ended with ${how}. The end of ${logFile}:`, {
    more: lines.map((line) => `  ${line}`),
  });
}

/** How people call it. */
export function nameOf(role: ChildRole): string {
  return role === 'api' ? 'API' : 'worker';
}

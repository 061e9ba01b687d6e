import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import { SERVER_ENVIRONMENT } from './create-cluster.ts';
import { codeOf, EmbeddedPostgresError } from './error.ts';
import { findPostmaster, removeStalePidFile } from './postmaster-pid.ts';
import { isAlive, processIdentity } from './process-identity.ts';
import type { ServerUser } from './server-user.ts';

const POLL_MS = 20;
/** Recovery after a crash replays the log, which can take a while. */
const START_MS = 180_000;
const STOP_MS = { SIGINT: 30_000, SIGQUIT: 15_000 } as const;
const LOG_LIMIT_BYTES = 10_000_000;

/** How one attempt at starting the server ended. */
export type StartOutcome = 'started' | 'port_taken' | 'memory_in_use';

/** What the server is started with. */
export interface ServerStart {
  cluster: string;
  log: string;
  port: number;
  binaries: Binaries;
  user: ServerUser | undefined;
  settings: Record<string, string>;
}

/**
 * Starts the server in a session of its own, so that Ctrl-C in the terminal ends the program and not the
 * database under it, and waits until it accepts connections. It outlives this process unless it is stopped.
 */
export async function startServer(start: ServerStart): Promise<StartOutcome> {
  await removeStalePidFile(start.cluster);
  await rotateLog(start.log);
  const log = await open(start.log, 'a', 0o600);
  try {
    const logOffset = (await log.stat()).size;
    const child = spawn(start.binaries.postgres, serverArguments(start), {
      ...start.user,
      cwd: start.cluster,
      env: SERVER_ENVIRONMENT,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    child.unref();
    return await waitUntilReady(child, start, logOffset);
  } finally {
    await log.close();
  }
}

function serverArguments({ cluster, port, settings }: ServerStart): string[] {
  const all = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    // Passwords only: a socket would be one more way in, and its path has a length limit.
    unix_socket_directories: '',
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...settings,
  };
  return ['-D', cluster, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

async function waitUntilReady(
  child: ChildProcess,
  start: ServerStart,
  logOffset: number,
): Promise<StartOutcome> {
  let failure: string | undefined;
  child.once('error', (error) => {
    failure = error.message;
  });
  child.once('exit', (code, signal) => {
    failure = `it ended with ${signal ?? `code ${code}`}`;
  });
  const deadline = Date.now() + START_MS;
  while (failure === undefined) {
    const running = await findPostmaster(start.cluster);
    if (running?.pid === child.pid && running?.status === 'ready') return 'started';
    if (Date.now() > deadline) {
      child.kill('SIGQUIT');
      const message = `the embedded PostgreSQL was not ready after ${START_MS / 1000} s, see ${start.log}`;
      throw new EmbeddedPostgresError('start_timeout', message);
    }
    await delay(POLL_MS);
  }
  return explainFailure(failure, start, (await readFile(start.log)).subarray(logOffset).toString());
}

function explainFailure(failure: string, start: ServerStart, logged: string): StartOutcome {
  if (/could not bind|could not create any TCP\/IP sockets/.test(logged)) return 'port_taken';
  // After a kill -9 of the postmaster, its children need a moment to notice and to go.
  if (/pre-existing shared memory block/.test(logged)) return 'memory_in_use';
  const lastLines = logged.trim().split('\n').slice(-5).join('\n');
  throw new EmbeddedPostgresError(
    'start_failed',
    `the embedded PostgreSQL did not start (${failure}), see ${start.log}\n${lastLines}`,
  );
}

/** Stops the server of the cluster, if one runs: first kindly, then at once. Returns when it is gone. */
export async function stopServer(cluster: string): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    const running = await findPostmaster(cluster);
    if (running === undefined) return;
    // The pid file goes a moment before the process does.
    const identity = processIdentity(running.pid);
    if (identity === undefined) return;
    signalProcess(running.pid, signal);
    const deadline = Date.now() + STOP_MS[signal];
    while (Date.now() < deadline) {
      if (!isAlive(identity)) return;
      await delay(POLL_MS);
    }
  }
  throw new EmbeddedPostgresError('stop_failed', `the embedded PostgreSQL in ${cluster} does not stop`);
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (cause) {
    if (codeOf(cause) === 'ESRCH') return;
    throw new EmbeddedPostgresError('stop_failed', `may not stop the embedded PostgreSQL (pid ${pid})`, {
      cause,
    });
  }
}

async function rotateLog(log: string): Promise<void> {
  const size = await stat(log).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LOG_LIMIT_BYTES) await rename(log, `${log}.1`);
}

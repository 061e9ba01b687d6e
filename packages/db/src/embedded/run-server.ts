import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresError } from './error.ts';
import { findFreePort, isPortFree } from './free-port.ts';
import { findPostmaster } from './postmaster-pid.ts';
import { type ServerStart, startServer } from './server-process.ts';

const POLL_MS = 25;
const SETTLE_MS = 180_000;
const ATTEMPTS = 20;

/** A server that accepts connections. */
export interface RunningServer {
  port: number;
  startedHere: boolean;
}

/** Which port the server gets. */
export interface PortWish {
  fixed: number | undefined;
  /** The port of last time, kept when it is free, so that addresses people noted stay true. */
  last: number | undefined;
}

/**
 * Joins the server that runs on the cluster or starts one. Bounds: at most 20 attempts, each ended by a port
 * that somebody else took or by the remains of a killed server.
 */
export async function runServer(start: Omit<ServerStart, 'port'>, wish: PortWish): Promise<RunningServer> {
  const port = await settledPort(start.cluster);
  if (port !== undefined) return { port, startedHere: false };
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const candidate = await choosePort(wish, attempt);
    const outcome = await startServer({ ...start, port: candidate });
    if (outcome === 'started') return { port: candidate, startedHere: true };
    if (outcome === 'port_taken' && wish.fixed !== undefined) throw portInUse(wish.fixed);
    if (outcome === 'memory_in_use') await delay(POLL_MS * attempt);
  }
  const message = `the embedded PostgreSQL did not start in ${ATTEMPTS} attempts, see ${start.log}`;
  throw new EmbeddedPostgresError('start_failed', message);
}

/** Waits for a server that comes up or goes down; returns its port when it stays. */
async function settledPort(cluster: string): Promise<number | undefined> {
  const deadline = Date.now() + SETTLE_MS;
  for (;;) {
    const running = await findPostmaster(cluster);
    if (running === undefined) return undefined;
    if (running.status === 'ready' && running.port !== undefined) return running.port;
    if (Date.now() > deadline) {
      const message = `the PostgreSQL in ${cluster} (pid ${running.pid}) has been ${running.status} for ${SETTLE_MS / 1000} s`;
      throw new EmbeddedPostgresError('start_timeout', message);
    }
    await delay(POLL_MS);
  }
}

async function choosePort(wish: PortWish, attempt: number): Promise<number> {
  if (wish.fixed !== undefined) {
    if (!(await isPortFree(wish.fixed))) throw portInUse(wish.fixed);
    return wish.fixed;
  }
  if (attempt === 1 && wish.last !== undefined && (await isPortFree(wish.last))) return wish.last;
  return await findFreePort();
}

function portInUse(port: number): EmbeddedPostgresError {
  return new EmbeddedPostgresError('port_in_use', `port ${port} for the embedded PostgreSQL is in use`);
}

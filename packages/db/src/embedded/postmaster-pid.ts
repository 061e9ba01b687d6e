import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { isPostmasterOf } from './process-identity.ts';

/** A server that runs on a cluster, as its `postmaster.pid` describes it. */
export interface RunningPostmaster {
  pid: number;
  /** Missing while the server has not got that far. */
  port: number | undefined;
  status: 'starting' | 'ready' | 'stopping';
}

/** The server that runs on the cluster, or `undefined` when there is none, whatever a stale pid file says. */
export async function findPostmaster(clusterDirectory: string): Promise<RunningPostmaster | undefined> {
  const content = await readFile(pidFile(clusterDirectory), 'utf8').catch(() => undefined);
  if (content === undefined) return undefined;
  const lines = content.split('\n').map((line) => line.trim());
  const pid = Number.parseInt(lines[0] ?? '', 10);
  if (!Number.isInteger(pid) || pid <= 0 || !isPostmasterOf(pid, clusterDirectory)) return undefined;
  const port = Number.parseInt(lines[3] ?? '', 10);
  return { pid, port: port > 0 ? port : undefined, status: statusOf(lines[7]) };
}

/**
 * Removes the pid file of a server that is gone. PostgreSQL does that itself when the pid is free, but
 * refuses to start when a zombie or a process of somebody else has it by now.
 */
export async function removeStalePidFile(clusterDirectory: string): Promise<void> {
  if ((await findPostmaster(clusterDirectory)) === undefined) {
    await rm(pidFile(clusterDirectory), { force: true });
  }
}

function pidFile(clusterDirectory: string): string {
  return path.join(clusterDirectory, 'postmaster.pid');
}

function statusOf(line: string | undefined): RunningPostmaster['status'] {
  if (line === 'ready') return 'ready';
  return line === 'stopping' ? 'stopping' : 'starting';
}

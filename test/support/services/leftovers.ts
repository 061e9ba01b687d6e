import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { findPostmaster } from '../../../packages/db/src/embedded/postmaster-pid.ts';
import { isAlive } from '../../../packages/db/src/embedded/process-identity.ts';
import { stopServer } from '../../../packages/db/src/embedded/server-process.ts';
import { eventually } from '../eventually.ts';
import type { Leftover } from './protocol.ts';

/** Ends whatever of these is still there. Data is thrown away, so nothing is asked to end kindly. */
export async function endLeftovers(leftovers: readonly Leftover[]): Promise<void> {
  await Promise.all(
    leftovers.map((leftover) =>
      leftover.kind === 'process' ? endProcess(leftover.identity) : endCluster(leftover.dataDir),
    ),
  );
}

async function endProcess(identity: string): Promise<void> {
  if (!isAlive(identity)) return;
  kill(Number.parseInt(identity, 10), 'SIGKILL');
  await eventually(() => {
    if (isAlive(identity)) throw new Error(`process ${identity} survives`);
  });
}

async function endCluster(dataDir: string): Promise<void> {
  const cluster = await clusterOf(dataDir);
  const running = await findPostmaster(cluster);
  if (running === undefined) return;
  kill(running.pid, 'SIGQUIT');
  await stopServer(cluster);
}

/** Where the cluster of the data directory is: in it, unless it had to move. */
export async function clusterOf(dataDir: string): Promise<string> {
  const memory = await readFile(path.join(dataDir, 'embedded.json'), 'utf8').catch(() => '{}');
  const { cluster } = JSON.parse(memory) as { cluster?: string };
  return cluster ?? path.join(dataDir, 'cluster');
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone in this very moment.
  }
}

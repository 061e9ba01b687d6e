import { execFileSync } from 'node:child_process';
import { isAlive, processIdentity } from '../../../packages/db/src/embedded/process-identity.ts';
import { isPortFree } from '../../../packages/db/src/embedded/free-port.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { type Program, startProgram } from '../../../test/support/processes.ts';

/** A demo that runs as a process of its own, and what it started. */
export interface DemoProcess {
  program: Program;
  /** The pid of the worker, as the demo printed it. */
  workerPid(): Promise<number>;
  /** Waits until the sync has stored something and is not through. */
  isUnderWay(): Promise<void>;
  /** What the demo started. Ask while it runs. */
  family(): Promise<DemoFamily>;
}

/** Processes and ports of a demo. */
export interface DemoFamily {
  identities: readonly string[];
  /** Fails unless all of it is gone. */
  expectGone(): Promise<void>;
}

/** Starts the demo from the source, on a free port, with its data in `dataDir`. */
export async function startDemo(dataDir: string, ...args: string[]): Promise<DemoProcess> {
  const program = await startProgram('apps/cli/src/main.ts', {
    args: ['demo', ...args],
    env: { TIDEMARK_DATA_DIR: dataDir, PORT: '0' },
  });
  return {
    program,
    workerPid: async () => {
      const line = await program.waitForLine(/Worker +pid \d+/);
      return Number(/pid (\d+)/.exec(line)?.[1]);
    },
    isUnderWay: async () => {
      await program.waitForLine(/running +[1-9]\d? %/);
    },
    family: async () => {
      const line = await program.waitForLine(/PostgreSQL +127\.0\.0\.1:\d+/);
      const port = Number(/:(\d+),/.exec(line)?.[1]);
      return familyOf(program.pid, port);
    },
  };
}

function familyOf(pid: number, databasePort: number): DemoFamily {
  const identities = childrenOf(pid).flatMap((child) => processIdentity(child) ?? []);
  return {
    identities,
    expectGone: async () => {
      await eventually(async () => {
        const left = identities.filter(isAlive);
        if (left.length > 0) throw new Error(`still running: ${left.join(', ')}`);
        if (!(await isPortFree(databasePort))) throw new Error('PostgreSQL is still running');
      });
    },
  };
}

/** The processes a process has started that still run. */
function childrenOf(pid: number): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  return table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child = 0, parent = 0]) => (parent === pid ? [child] : []));
}

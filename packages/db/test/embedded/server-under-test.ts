import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach } from '@jest/globals';
import postgres from 'postgres';
import { type Program, type ProgramOptions, startProgram } from '../../../../test/support/processes.ts';
import { ask } from '../../../../test/support/services/ask.ts';
import { clusterOf } from '../../../../test/support/services/leftovers.ts';
import { createTempDirectory } from '../../../../test/support/temp-directory.ts';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from '../../src/embedded/index.ts';
import { findPostmaster } from '../../src/embedded/postmaster-pid.ts';

const shares: EmbeddedPostgres[] = [];

afterEach(async () => {
  await Promise.all(shares.splice(0).map((share) => share.stop()));
});

/** A data directory that does not exist yet, whose server ends with the run at the latest. */
export async function newDataDir(parent?: string): Promise<string> {
  const dataDir = path.join(parent ?? (await createTempDirectory('embedded')), '.tidemark', 'postgres');
  await ask('/guard', { kind: 'cluster', dataDir });
  return dataDir;
}

/** Starts in this process; given back after the test. */
export async function start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const share = await startEmbeddedPostgres({ durability: 'none', ...options });
  shares.push(share);
  return share;
}

/** What {@link startElsewhere} found. */
export interface Starter {
  program: Program;
  url: string;
  startedHere: boolean;
}

/** Starts in another process, which gives it back on SIGTERM. */
export async function startElsewhere(
  options: EmbeddedPostgresOptions,
  program: ProgramOptions & { file?: string } = {},
): Promise<Starter> {
  const { file = 'packages/db/test/embedded/starter.ts', args = [], ...rest } = program;
  const json = JSON.stringify({ durability: 'none', ...options });
  const running = await startProgram(file, { ...rest, args: [json, ...args] });
  const { url, startedHere } = JSON.parse(await running.waitForLine(/^\{/));
  return { program: running, url, startedHere };
}

/** Runs statements on one connection. */
export async function query<T>(url: string, body: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined, connect_timeout: 10 });
  try {
    return await body(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** The pid of the server; fails when none runs. */
export async function postmasterPid(dataDir: string): Promise<number> {
  const running = await findPostmaster(await clusterOf(dataDir));
  if (running === undefined) throw new Error(`no server runs in ${dataDir}`);
  return running.pid;
}

/** Whether a server runs on the data directory. */
export async function isServerUp(dataDir: string): Promise<boolean> {
  return (await findPostmaster(await clusterOf(dataDir))) !== undefined;
}

/** The uid that a process runs as. */
export async function uidOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^Uid:\s+(\d+)/m.exec(status)?.[1]);
}

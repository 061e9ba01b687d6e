/**
 * Holds the services of one test run: `node --conditions=source main.ts RUN_DIRECTORY`.
 *
 * A process of its own, so that nothing stays behind however the run ends: it lives as long as its standard
 * input, which closes when jest is done, crashed, interrupted or killed; then it ends every service and every
 * guarded leftover, and removes the directory. It sits in a session of its own, where Ctrl-C does not reach it.
 */
import { mkdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { processIdentity } from '../../../packages/db/src/embedded/process-identity.ts';
import { endLeftovers } from './leftovers.ts';
import type { Leftover, Requests } from './protocol.ts';
import { startRedisProcess } from './redis-process.ts';
import { type SharedPostgres, startSharedPostgres } from './shared-postgres.ts';

const runDirectory = process.argv[2];
if (runDirectory === undefined) throw new Error('usage: main.ts RUN_DIRECTORY');
const runId = path.basename(runDirectory).slice(-6).toLowerCase();
const leftovers: Leftover[] = [];
let postgres: Promise<SharedPostgres> | undefined;
let redis: Promise<{ url: string }> | undefined;
let ending = false;

async function answer(request: IncomingMessage): Promise<Requests[keyof Requests]['answer']> {
  const body = await text(request);
  switch (request.url) {
    case '/postgres': {
      const dataDir = path.join(runDirectory ?? '', 'postgres');
      leftovers.push({ kind: 'cluster', dataDir });
      postgres ??= startSharedPostgres(dataDir, runId);
      return (await postgres).description;
    }
    case '/redis':
      redis ??= startSharedRedis();
      return await redis;
    case '/guard':
      leftovers.push(JSON.parse(body));
      return {};
    default:
      throw new Error(`unknown request ${request.url}`);
  }
}

async function startSharedRedis(): Promise<{ url: string }> {
  const directory = path.join(runDirectory ?? '', 'redis');
  await mkdir(directory, { recursive: true });
  const { pid, port } = await startRedisProcess(directory);
  const identity = processIdentity(pid);
  if (identity !== undefined) leftovers.push({ kind: 'process', identity });
  return { url: `redis://127.0.0.1:${port}/0` };
}

async function endEverything(): Promise<void> {
  server.close();
  server.closeAllConnections();
  // A start under way is waited for: what it started could not be found otherwise.
  await Promise.allSettled([postgres?.then((started) => started.end()), redis]);
  await endLeftovers(leftovers);
  await rm(runDirectory ?? '', { recursive: true, force: true });
}

function end(): void {
  if (ending) return;
  ending = true;
  endEverything().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`test services: ${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    },
  );
}

const server = createServer((request, response) => {
  answer(request).then(
    (value) => response.writeHead(200).end(JSON.stringify(value)),
    (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
  );
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
process.on('uncaughtException', (error) => {
  process.stderr.write(`test services: ${error.stack}\n`);
  end();
});
process.stdin.on('end', end).on('error', end).resume();
server.listen(path.join(runDirectory, 'control.sock'), () => process.stdout.write('ready\n'));

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { eventually } from '../eventually.ts';
import { findFreePort } from '../free-port.ts';

const START_MS = 60_000;
const STOP_MS = 60_000;

/** How a Redis of the tests keeps its data over a restart. */
export type RedisPersistence = 'none' | 'aof';

/** A Redis that runs. */
export interface RedisProcess {
  port: number;
  pid: number;
  /** Ends it with the signal and returns when it is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Starts `redis-server` on the loopback interface; on a free port unless one is given. */
export async function startRedisProcess(
  directory: string,
  persistence: RedisPersistence = 'none',
  fixedPort?: number,
): Promise<RedisProcess> {
  const port = fixedPort ?? (await findFreePort());
  const appendOnly =
    persistence === 'aof' ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no'];
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--dir',
    directory,
    ...appendOnly,
  ];
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit').then(
    () => undefined,
    () => undefined,
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4_000);
    });
  }
  await waitUntilReady(child, port, () => output);
  const { pid } = child;
  if (pid === undefined) throw new Error('redis-server has no pid');
  return { port, pid, end: (signal) => endProcess(child, exited, signal) };
}

async function waitUntilReady(child: ChildProcess, port: number, output: () => string): Promise<void> {
  let failure: string | undefined;
  child.once('error', (error) => {
    failure = `${error.message}. Tests need redis-server 7 or later in the PATH (Debian: apt-get install redis-server)`;
  });
  child.once('exit', (code) => {
    failure = `it ended with ${code}: ${output()}`;
  });
  // `eventually` ends early here: a server that is gone will not answer any more.
  await eventually(
    async () => {
      if (failure === undefined) await ping(port);
    },
    { timeoutMs: START_MS },
  );
  if (failure !== undefined) throw new Error(`Redis for tests did not start: ${failure}`);
}

async function ping(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.setTimeout(10_000, () => socket.destroy(new Error('Redis does not answer')));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('Redis closed the connection')));
    socket.once('data', (data) => {
      const answer = data.toString();
      if (answer.startsWith('+PONG')) resolve();
      else reject(new Error(`Redis is not ready: ${answer.trim()}`));
      socket.destroy();
    });
  });
}

async function endProcess(
  child: ChildProcess,
  exited: Promise<undefined>,
  signal: NodeJS.Signals,
): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  const hard = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await exited;
  clearTimeout(hard);
}

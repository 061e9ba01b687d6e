import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildProgram } from '../src/program.ts';
import { runProgram } from '../src/run-program.ts';
import { recordingTerminal } from './recording-terminal.ts';

const ID = '0197a1b2-0000-7000-8000-000000000001';
const HELD = '0197a1b2-0000-7000-8000-000000000002';
const asked: string[] = [];

/** Answers as the API does, for one sync that can be moved and one that cannot. */
const server = createServer((request, response) => {
  asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
  const [, , , id, what] = (request.url ?? '').split('/');
  if (id === ID) {
    const status = what === 'pause' ? 'paused' : what === 'cancel' ? 'cancelled' : 'running';
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id, status }));
    return;
  }
  const detail = 'The sync is completed. It is over.';
  const named = {
    type: 'urn:tidemark:problem:illegal_transition',
    title: 'The sync cannot go to that status',
  };
  const problem = { ...named, status: 409, detail, code: 'illegal_transition', requestId: 'r' };
  response.writeHead(409, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
});

let url: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function run(...args: string[]) {
  const terminal = recordingTerminal();
  const code = await runProgram([...args, '--url', url, '--key', 'k'], terminal, buildProgram);
  return { code, out: terminal.out, err: terminal.err };
}

test.each([
  ['pause', 'paused', 'tidemark resume'],
  ['resume', 'running', 'tidemark status'],
  ['cancel', 'cancelled', 'tidemark retry'],
  ['retry', 'running', 'tidemark status'],
  ['sweep', 'running', 'tidemark status'],
])('%s asks for it once and tells the status and what is next', async (name, status, next) => {
  asked.length = 0;
  const { code, out } = await run(name, ID);
  expect(asked).toEqual([`POST /v1/syncs/${ID}/${name} Bearer k`]);
  expect([code, out]).toEqual([0, expect.stringContaining(`Sync ${ID} is ${status}.`)]);
  expect(out).toContain(`${next} ${ID}`);
});

test('prints JSON only when asked for it', async () => {
  expect(JSON.parse((await run('pause', ID, '--json')).out)).toEqual({ id: ID, status: 'paused' });
});

test('fails with what the API refused with', async () => {
  const { code, out, err } = await run('pause', HELD);
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain('The sync is completed.');
});

import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { allAnswered, type SendFilesOptions, type SentFile, sendFiles } from '../src/webhooks/send-files.ts';
import { wrapEvent } from '../src/webhooks/wrap-event.ts';
import { Receiver, SECRET } from './webhook-receiver.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const ENVELOPE = '{"object":"page", "entry":[{"id":1,"time":2,"messaging":[{"text":"\\u00e4"}]}]}\n';
const BARE = '{"sender":{"id":7},"recipient":{"id":90071992547409931},"timestamp":5,"message":{"mid":"m_1"}}';

let receiver: Receiver;
let directory: string;

beforeEach(async () => {
  receiver = new Receiver();
  await receiver.listen();
  directory = await mkdtemp(path.join(tmpdir(), 'bodies-'));
  await mkdir(path.join(directory, 'more'));
  await writeFile(path.join(directory, 'a.json'), ENVELOPE);
  await writeFile(path.join(directory, 'b.bin'), Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0xff, 0x00]));
  await writeFile(path.join(directory, 'more/c.json'), BARE);
});

afterEach(async () => {
  await rm(directory, { recursive: true });
  await receiver.close();
});

async function run(...args: readonly string[]): Promise<{ code: number; out: string }> {
  const child = spawn(process.execPath, ['--conditions=source', MAIN, 'send-webhooks', ...args]);
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, out };
}

function target(): string[] {
  return [directory, '--to', receiver.callback.url, '--secret', SECRET];
}

test('files are sent byte for byte, signed, in order, and again when asked', async () => {
  const { code, out } = await run(...target(), '--repeat');
  expect(code).toBe(0);
  expect(out).toMatch(/^200 +\d+ ms {2}a\.json\n200 +\d+ ms {2}b\.bin\n200 +\d+ ms {2}more\/c\.json\n/);
  expect(out).toMatch(/more\/c\.json {2}again\n6 sent: 6 x 200\n$/);
  expect(receiver.received.every((delivery) => delivery.signed)).toBe(true);
  const sent = receiver.received.map(({ raw }) => raw.toString('latin1'));
  expect(sent).toEqual([...sent.slice(0, 3), ...sent.slice(0, 3)]);
  expect(sent.slice(0, 3)).toEqual([ENVELOPE, '\u00ef\u00bb\u00bf{\u00ff\u0000', BARE]);
});

async function send(options: Partial<SendFilesOptions>): Promise<readonly SentFile[]> {
  const { url } = receiver.callback;
  const usual = { concurrency: 1, repeat: false, wrapFor: null, timeoutMs: 60_000 };
  return await sendFiles({ directory, url, secret: SECRET, ...usual, ...options }, () => undefined);
}

test('bare events are put into an envelope, whole bodies are not', async () => {
  await send({ wrapFor: 'P', concurrency: 3 });
  const sent = receiver.received.map(({ text }) => text);
  expect(sent).toContain(ENVELOPE);
  const wrapped = `{"object":"page","entry":[{"id":"90071992547409931","time":5,"messaging":[${BARE}]}]}`;
  expect(sent).toContain(wrapped);
});

test.each([
  [200, true],
  [204, true],
  [401, true],
  [301, false],
  [500, false],
  [503, false],
])('an answer of %i counts as a healthy one: %s', async (status, healthy) => {
  receiver.answer = () => status;
  const results = await send({});
  expect(results.map((result) => result.status)).toEqual([status, status, status]);
  expect(allAnswered(results)).toBe(healthy);
});

test('no answer at all is a failure with its reason', async () => {
  receiver.answer = () => null;
  const silent = await send({ timeoutMs: 50 });
  expect(silent[0]).toMatchObject({ status: null, failure: 'timeout' });
  const nobody = await send({ url: 'http://127.0.0.1:1/' });
  expect(nobody[0]).toMatchObject({ status: null, failure: 'ECONNREFUSED' });
  expect([allAnswered(silent), allAnswered(nobody)]).toEqual([false, false]);
});

test('the program ends with 1 after a bad answer, and with 2 when nothing could be sent', async () => {
  receiver.answer = () => 503;
  expect(await run(...target())).toMatchObject({ code: 1, out: expect.stringMatching(/3 sent: 3 x 503\n$/) });
  expect(await run('--to', 'nowhere')).toMatchObject({ code: 2, out: expect.stringContaining('folder') });
});

test('an echo tells its page by its sender; what is no event stays as it is', () => {
  const wrap = (text: string): string => wrapEvent(Buffer.from(text), 'P', 9).toString();
  const echo = '{"sender":{"id":"1"},"recipient":{"id":"2"},"message":{"is_echo":true}}';
  expect(wrap(echo)).toBe(`{"object":"page","entry":[{"id":"1","time":9,"messaging":[${echo}]}]}`);
  expect(wrap('{"sender":{"id":"1"}}')).toContain('"id":"P","time":9');
  for (const text of ['{}', '[]', 'rawBody', '{"object":"page"}', '{"entry":[],"sender":{}}']) {
    expect(wrap(text)).toBe(text);
  }
});

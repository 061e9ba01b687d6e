import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createEventBus } from '@tidemark/core/events';
import { QueueUnavailableError } from '@tidemark/queue';
import {
  APP_SECRET,
  deliveryOf,
  escaped,
  eventOf,
  signed,
  VERIFY_TOKEN,
} from '../../../test/support/webhooks/sign.ts';
import { createLogger } from '../src/index.ts';
import { type Harness, openHarness } from './harness.ts';

const PATH = '/webhooks/messenger';
const refusals: string[] = [];
const bus = createEventBus(() => undefined);
bus.subscribe((name, fields) => {
  if (name === 'webhook.refused') refusals.push(JSON.stringify(fields));
});

let harness: Harness;
beforeAll(async () => {
  const webhooks = { messenger: { appSecret: APP_SECRET, verifyToken: VERIFY_TOKEN } };
  harness = await openHarness({ webhooks, bus });
});
afterAll(() => harness.close());
beforeEach(async () => {
  await harness.db.sql`TRUNCATE webhook_deliveries`;
  harness.queue.jobs.length = 0;
  harness.queue.failure = null;
});

const post = (body: string | Buffer, headers: Record<string, string | string[]> = signed(body)) =>
  harness.app.inject({ method: 'POST', url: PATH, payload: body, headers });

const hello = (text: string) =>
  deliveryOf('1', [eventOf('1', '2', 1_700_000_000_000, { message: { mid: 'm', text } })]);

async function stored(): Promise<{ body: Buffer; status: string }[]> {
  return [
    ...(await harness.db.sql<
      { body: Buffer; status: string }[]
    >`SELECT body, status FROM webhook_deliveries`),
  ];
}

describe('the handshake', () => {
  const ask = (query: Record<string, string>, app = harness.app) =>
    app.inject({ method: 'GET', url: PATH, query });
  const right = { 'hub.mode': 'subscribe', 'hub.verify_token': VERIFY_TOKEN, 'hub.challenge': '1158201444' };

  test('echoes the challenge to who knows the token', async () => {
    const answer = await ask(right);
    expect([answer.statusCode, answer.body]).toEqual([200, '1158201444']);
    expect(answer.headers['content-type']).toContain('text/plain');
  });

  test.each([
    ['a wrong token', { ...right, 'hub.verify_token': 'guess' }],
    ['another mode', { ...right, 'hub.mode': 'unsubscribe' }],
    ['nothing', {}],
  ])('refuses %s', async (_case, query) => {
    const answer = await ask(query);
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'webhook_verification_failed']);
  });

  test('says what is missing where no token is set', async () => {
    const answer = await ask(right, harness.another({ webhooks: {} }));
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'feature_not_configured']);
    expect(answer.json().detail).toContain('META_VERIFY_TOKEN');
  });
});

describe('the signature', () => {
  test('is of the bytes as they came: escaped, and otherwise than JSON would be written again', async () => {
    const body = `\uFEFF ${escaped('{ "object":"page","entry":[{"id":1,"time":1,"note":"äëï ❤"}]}')}\n`;
    expect(body).toContain('\\u00e4');
    const bytes = Buffer.from(body.replace('\\ufeff', '\uFEFF'));
    expect((await post(bytes)).statusCode).toBe(200);
    expect(await stored()).toEqual([{ body: bytes, status: 'received' }]);
  });

  const body = hello('signed');
  const digest = signed(body)['x-hub-signature-256'];
  test.each<[string, Record<string, string | string[]>]>([
    ['missing', {}],
    ['of another secret', signed(body, 'another')],
    ['of other bytes', signed(`${body} `)],
    ['cut off', { 'x-hub-signature-256': digest.slice(0, -1) }],
    ['with a prefix in upper case', { 'x-hub-signature-256': digest.replace('sha256', 'SHA256') }],
    ['given twice', { 'x-hub-signature-256': [digest, digest] }],
    ['without a digest', { 'x-hub-signature-256': 'sha256=' }],
    ['not hexadecimal', { 'x-hub-signature-256': `sha256=${'z'.repeat(64)}` }],
    ['the old kind', { 'x-hub-signature': 'sha1=64738239' }],
  ])('%s: 401, counted, and nothing is stored', async (_case, headers) => {
    const before = refusals.length;
    const answer = await post(body, { 'content-type': 'application/json', ...headers });
    expect([answer.statusCode, answer.json().code]).toEqual([401, 'webhook_signature_invalid']);
    expect(refusals).toHaveLength(before + 1);
    expect(await stored()).toEqual([]);
  });

  test('M12 refusals are counted by reason for Prometheus, bodies that are no deliveries too', async () => {
    const counted = async (reason: string) => {
      const { body: text, headers } = await harness.app.inject({ method: 'GET', url: '/metrics' });
      expect(headers['content-type']).toContain('text/plain');
      const line = new RegExp(
        `^tidemark_webhooks_refused_total\\{source="messenger",reason="${reason}"\\} (\\d+)$`,
        'm',
      );
      return Number(line.exec(text)?.[1] ?? 0);
    };
    const reasons = ['signature form', 'signature mismatch', 'body'];
    const before = await Promise.all(reasons.map(counted));
    await post(body, { 'content-type': 'application/json' });
    await post(body, signed(body, 'another secret'));
    await post(body, signed(body, 'another secret'));
    await post('[]', signed('[]'));
    await post(body, signed(body));
    expect(await Promise.all(reasons.map(counted))).toEqual(
      [1, 2, 1].map((more, index) => (before[index] ?? 0) + more),
    );
  });

  test('is checked before anything is read into the body', async () => {
    const answer = await post('{buzuq', { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` });
    expect(answer.statusCode).toBe(401);
  });

  test('cannot be checked without the secret of the app', async () => {
    const app = harness.another({ webhooks: {} });
    const answer = await app.inject({ method: 'POST', url: PATH, payload: body, headers: signed(body) });
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'feature_not_configured']);
    expect(answer.json().detail).toContain('META_APP_SECRET');
  });
});

describe('a signed body that is no delivery', () => {
  const deep = `{"object":"page","entry":[${'['.repeat(50_000)}${']'.repeat(50_000)}]}`;
  test.each<[string, string | Buffer, number, string]>([
    ['empty', '', 400, 'malformed_body'],
    ['not JSON', '{buzuq', 400, 'malformed_body'],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 400, 'malformed_body'],
    ['nested too deep', deep, 400, 'malformed_body'],
    ['an empty object', '{}', 422, 'validation_failed'],
    ['a list', '[]', 422, 'validation_failed'],
    ['null', 'null', 422, 'validation_failed'],
    ['without a list of entries', '{"object":"page","entry":{}}', 422, 'validation_failed'],
    ['without an object', '{"entry":[]}', 422, 'validation_failed'],
    ['too large', `{"object":"page","entry":["${'x'.repeat(10_000_000)}"]}`, 413, 'payload_too_large'],
  ])('%s', async (_case, body, status, code) => {
    const answer = await post(body);
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(await stored()).toEqual([]);
  });
});

describe('taking in', () => {
  test('the same bytes again are answered alike and kept once; other bytes are another delivery', async () => {
    const bodies = ['a', 'b', 'a', 'a', 'b'].map(hello);
    const answers = await Promise.all(bodies.map((body) => post(body)));
    expect(answers.map((answer) => answer.statusCode)).toEqual([200, 200, 200, 200, 200]);
    expect((await post(hello('a'))).body).toBe('EVENT_RECEIVED');
    expect(await stored()).toHaveLength(2);
    expect(harness.queue.jobs).toHaveLength(2);
  });

  test('what the queue cannot take is answered with 200 all the same', async () => {
    harness.queue.failure = new QueueUnavailableError('add');
    expect((await post(hello('queue away'))).statusCode).toBe(200);
    expect(await stored()).toMatchObject([{ status: 'received' }]);
  });

  test('names that mean something to JavaScript, U+0000 and half a surrogate pair are taken as they come', async () => {
    const body = '{"object":"page","entry":[{"id":"1","__proto__":{"x":1},"constructor":"\\u0000\\ud800"}]}';
    expect((await post(body)).statusCode).toBe(200);
    expect((await stored())[0]?.body.toString()).toBe(body);
  });

  test('is no line of the log, except for debugging; a refusal is one', async () => {
    const answered = () => harness.log.filter((line) => line.includes('request answered'));
    harness.log.length = 0;
    const quiet = { write: (line: string) => void harness.log.push(line) };
    const app = harness.another({ logger: createLogger('info', quiet) });
    const body = hello('quiet');
    await app.inject({ method: 'POST', url: PATH, payload: body, headers: signed(body) });
    expect(answered()).toEqual([]);
    await app.inject({ method: 'POST', url: PATH, payload: body, headers: signed(body, 'another') });
    expect(answered().map((line) => JSON.parse(line))).toMatchObject([{ level: 30, status: 401 }]);
    harness.log.length = 0;
    await post(body);
    expect(answered().map((line) => JSON.parse(line))).toMatchObject([{ level: 20, status: 200 }]);
  });
});

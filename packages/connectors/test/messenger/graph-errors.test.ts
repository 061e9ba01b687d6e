import { describe, expect, test } from '@jest/globals';
import type { SourceAnswer } from '@tidemark/core/connector';
import { decide, type Failure, SourceError } from '@tidemark/core/failure';
import { messengerConfig } from '../../src/messenger/config.ts';
import { readGraphAnswer } from '../../src/messenger/graph-errors.ts';

const config = messengerConfig.parse({ pageId: '1001' });

function answer(body: unknown, values: Partial<SourceAnswer> = {}): SourceAnswer {
  return {
    status: 400,
    headers: {},
    body: typeof body === 'string' ? body : JSON.stringify(body),
    answeredAtMs: 0,
    ...values,
  };
}

function failureOf(given: SourceAnswer): Failure {
  try {
    readGraphAnswer(given, config);
  } catch (error) {
    if (error instanceof SourceError) return error.failure;
    throw error;
  }
  throw new Error('no failure');
}

const graph = (code: number, more: Record<string, unknown> = {}) => ({
  error: { message: 'm', type: 'OAuthException', code, ...more },
});

describe('the error table of the Graph API', () => {
  test.each([
    [4, 'messenger:app'],
    [17, 'messenger:page:1001'],
    [32, 'messenger:page:1001'],
    [341, 'messenger:page:1001'],
    [613, 'messenger:page:1001'],
    [80001, 'messenger:page:1001'],
    [80006, 'messenger:page:1001'],
    [80014, 'messenger:page:1001'],
  ])(
    'code %i pauses the budget %s, under any HTTP status and though its type is that of a dead token',
    (code, pool) => {
      for (const status of [200, 400, 403, 500]) {
        const failure = failureOf(answer(graph(code), { status }));
        expect(failure).toMatchObject({ kind: 'throttled', code: 'source_throttled', pause: { pool } });
      }
    },
  );

  test.each([
    [1, 'transient'],
    [2, 'transient'],
    [3, 'forbidden'],
    [10, 'forbidden'],
    [100, 'invalidRequest'],
    [102, 'unauthorized'],
    [104, 'invalidRequest'],
    [190, 'unauthorized'],
    [200, 'forbidden'],
    [230, 'forbidden'],
    [299, 'forbidden'],
    [368, 'blocked'],
    [2500, 'invalidRequest'],
    [2642, 'staleCursor'],
  ])('code %i is %s', (code, kind) => {
    expect(failureOf(answer(graph(code)))).toMatchObject({ kind });
  });

  test('the pause is as long as the source says, in minutes', () => {
    const header = { '1001': [{ type: 'messenger', call_count: 100, estimated_time_to_regain_access: 19 }] };
    const headers = { 'x-business-use-case-usage': JSON.stringify(header) };
    expect(failureOf(answer(graph(80006), { headers })).pause).toEqual({
      pool: 'messenger:page:1001',
      forMs: 19 * 60_000,
    });
    expect(failureOf(answer(graph(80006))).pause).toEqual({ pool: 'messenger:page:1001', forMs: null });
    expect(failureOf(answer(graph(613), { headers: { 'retry-after': '120' } })).pause?.forMs).toBe(120_000);
  });

  test('too much data is told by the sentence in either message field; other answers of code 1 are transient', () => {
    const sentence = "Please reduce the amount of data you're asking for, then retry your request";
    expect(failureOf(answer(graph(1, { message: sentence }), { status: 500 })).kind).toBe('tooMuchData');
    expect(failureOf(answer(graph(1, { error_user_msg: sentence }))).kind).toBe('tooMuchData');
    expect(failureOf(answer(graph(1, { error_subcode: 'subcode' }))).kind).toBe('transient');
  });

  test('a dead token says what to do, and no message repeats a token', () => {
    const token = `EAAB${'x'.repeat(60)}`;
    const failure = failureOf(
      answer(graph(190, { error_subcode: 463, message: `Error validating ${token}` })),
    );
    expect(failure.action).toMatch(/access token/);
    expect(failure.message).toMatch(/190\/463/);
    expect(JSON.stringify(failure)).not.toContain(token);
    expect(decide(failure, { attempt: 1, random: 0 }).kind).toBe('needsReauth');
  });

  test('an unknown code is tried a few times; is_transient and HTTP 5xx are believed', () => {
    expect(failureOf(answer(graph(960))).kind).toBe('invalidResponse');
    expect(failureOf(answer(graph(960, { is_transient: true }))).kind).toBe('transient');
    expect(failureOf(answer(graph(960), { status: 503 })).kind).toBe('transient');
    expect(failureOf(answer({ error: { message: 'no code' } }, { status: 401 })).kind).toBe('unauthorized');
  });

  test('what is no JSON may be half an answer; what has no error body is judged by its status', () => {
    expect(failureOf(answer('<html>502</html>', { status: 502 })).kind).toBe('transient');
    expect(failureOf(answer('{"data":[{"id"', { status: 200 })).kind).toBe('transient');
    expect(failureOf(answer({}, { status: 404 })).kind).toBe('invalidResponse');
    expect(readGraphAnswer(answer('false', { status: 200 }), config)).toBe(false);
  });
});

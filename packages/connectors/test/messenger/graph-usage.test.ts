import { describe, expect, test } from '@jest/globals';
import { messengerConfig } from '../../src/messenger/config.ts';
import { graphUsage } from '../../src/messenger/graph-usage.ts';

const config = messengerConfig.parse({ pageId: '1001' });

function usageOf(headers: Record<string, string>) {
  return graphUsage({ status: 200, headers, body: '', answeredAtMs: 0 }, config);
}

describe('usage headers', () => {
  test('the greatest of the three figures counts, and the app has a budget of its own', () => {
    expect(usageOf({ 'x-app-usage': '{"call_count":28,"total_time":25,"total_cputime":91}' })).toEqual([
      { pool: 'messenger:app', usedShare: 0.91, pauseForMs: null },
    ]);
  });

  test('of several products of the Page the most used one counts; the time to regain access is in minutes', () => {
    const header = {
      '1001': [
        {
          type: 'pages',
          call_count: 10,
          total_cputime: 5,
          total_time: 5,
          estimated_time_to_regain_access: 0,
        },
        {
          type: 'messenger',
          call_count: 100,
          total_cputime: 25,
          total_time: 25,
          estimated_time_to_regain_access: 19,
        },
      ],
      '2002': [{ type: 'messenger', call_count: 100, estimated_time_to_regain_access: 60 }],
    };
    expect(usageOf({ 'x-business-use-case-usage': JSON.stringify(header) })).toEqual([
      { pool: 'messenger:page:1001', usedShare: 1, pauseForMs: 19 * 60_000 },
    ]);
  });

  test('an object where a list is promised is read', () => {
    const header = { '1001': { type: 'messenger', call_count: 40, estimated_time_to_regain_access: 3 } };
    expect(usageOf({ 'x-business-use-case-usage': JSON.stringify(header) })[0]?.pauseForMs).toBe(180_000);
  });

  test('a used-up budget without a told duration pauses for a minute', () => {
    expect(usageOf({ 'x-page-usage': '{"call_count":100}' })[0]).toMatchObject({
      usedShare: 1,
      pauseForMs: 60_000,
    });
  });

  test.each(['', 'None', '{invalid:json}', '[]', '{"1001":7}', 'null'])(
    'the header %p tells nothing and breaks nothing',
    (value) => {
      expect(usageOf({ 'x-business-use-case-usage': value })).toEqual([]);
    },
  );

  test('names like __proto__ are not looked up', () => {
    const proto = messengerConfig.parse({ pageId: '1' });
    const answer = {
      status: 200,
      headers: { 'x-business-use-case-usage': '{"__proto__":[{"call_count":100}]}' },
      body: '',
      answeredAtMs: 0,
    };
    expect(graphUsage(answer, proto)).toEqual([]);
  });
});

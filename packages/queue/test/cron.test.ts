import { describe, expect, test } from '@jest/globals';
import { nextTick } from '@tidemark/core/schedules';
import { cronProblem, nextCronTime } from '../src/index.ts';

/** The next ticks after a time, each asked for with the one before, as the engine does. */
function ticks(cron: string, timezone: string, after: string, count: number): string[] {
  const found: string[] = [];
  let last = new Date(after);
  while (found.length < count) {
    last = nextTick({ cron, timezone }, last, nextCronTime);
    found.push(last.toISOString().replace(':00.000Z', 'Z'));
  }
  return found;
}

describe('E22 daylight saving', () => {
  test('Berlin in March: 02:30 does not exist, and the tick comes right after the jump, once', () => {
    expect(ticks('30 2 * * *', 'Europe/Berlin', '2027-03-26T12:00:00Z', 3)).toEqual([
      '2027-03-27T01:30Z',
      '2027-03-28T01:00Z',
      '2027-03-29T00:30Z',
    ]);
  });

  test('Berlin in October: 02:30 comes twice, and the tick once, also when asked for between the two', () => {
    const expected = ['2026-10-25T00:30Z', '2026-10-26T01:30Z'];
    expect(ticks('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2)).toEqual(expected);
    expect(ticks('30 2 * * *', 'Europe/Berlin', '2026-10-25T00:45:00Z', 1)).toEqual(expected.slice(1));
  });

  test('New York in both directions', () => {
    expect(ticks('30 2 * * *', 'America/New_York', '2027-03-13T12:00:00Z', 2)).toEqual([
      '2027-03-14T07:00Z',
      '2027-03-15T06:30Z',
    ]);
    expect(ticks('30 1 * * *', 'America/New_York', '2026-10-31T12:00:00Z', 2)).toEqual([
      '2026-11-01T05:30Z',
      '2026-11-02T06:30Z',
    ]);
  });

  test('what repeats within the hour keeps its rhythm over both', () => {
    expect(ticks('*/30 * * * *', 'Europe/Berlin', '2027-03-28T00:20:00Z', 4)).toEqual([
      '2027-03-28T00:30Z',
      '2027-03-28T01:00Z',
      '2027-03-28T01:30Z',
      '2027-03-28T02:00Z',
    ]);
    expect(ticks('0 * * * *', 'Europe/Berlin', '2026-10-24T23:30:00Z', 3)).toEqual([
      '2026-10-25T00:00Z',
      '2026-10-25T01:00Z',
      '2026-10-25T02:00Z',
    ]);
  });

  test('office hours move with the clocks', () => {
    expect(ticks('0 9 * * MON-FRI', 'Europe/Berlin', '2027-03-26T12:00:00Z', 1)).toEqual([
      '2027-03-29T07:00Z',
    ]);
  });
});

describe('cronProblem', () => {
  const now = new Date('2027-01-01T00:00:00Z');
  test.each(['* * * * *', '30 2 * * *', '0 0 29 2 *', '*/10 * * * * *', '30 0 12 * * *', '0,30 * * * * *'])(
    'accepts "%s"',
    (cron) => expect(cronProblem(cron, now)).toBeNull(),
  );

  test.each([
    ['', 'five fields'],
    ['30 2 * *', 'five fields'],
    ['0 0 0 1 1 * 2028', 'five fields'],
    ['@daily', 'five fields'],
    ['2028-01-01T00:00:00', 'five fields'],
    ['60 * * * *', 'cannot be read'],
    ['a b c d e', 'cannot be read'],
    ['* * * * * *', 'at least 10 seconds'],
    ['*/5 * * * * *', 'at least 10 seconds'],
    ['0,55 * * * * *', 'at least 10 seconds'],
    ['0 0 30 2 *', 'no time to come'],
  ])('refuses "%s": %s', (cron, reason) => expect(cronProblem(cron, now)).toContain(reason));
});

import { describe, expect, test } from '@jest/globals';
import { NeverTicksError, nextTick, rhythmOf } from '@tidemark/core/schedules';

const anchor = new Date('2027-03-01T10:00:05.250Z');
const every = { everySeconds: 60, anchor };
const noCron = () => null;

function next(after: string): string {
  return nextTick(every, new Date(after), noCron).toISOString();
}

describe('E22 intervals', () => {
  test('tick whole intervals from the anchor, strictly after the time given', () => {
    expect(next('2027-03-01T10:00:05.249Z')).toBe('2027-03-01T10:00:05.250Z');
    expect(next('2027-03-01T10:00:05.250Z')).toBe('2027-03-01T10:01:05.250Z');
    expect(next('2027-03-01T10:00:06.000Z')).toBe('2027-03-01T10:01:05.250Z');
  });

  test('tick once for everything that was missed, and keep their phase', () => {
    expect(next('2027-03-04T09:00:00.000Z')).toBe('2027-03-04T09:00:05.250Z');
  });

  test('may be asked about times before the anchor', () => {
    expect(next('2027-03-01T09:58:30.000Z')).toBe('2027-03-01T09:59:05.250Z');
  });

  test('do not know daylight saving', () => {
    const day = { everySeconds: 86_400, anchor: new Date('2027-03-27T01:30:00Z') };
    expect(nextTick(day, new Date('2027-03-27T01:30:00Z'), noCron).toISOString()).toBe(
      '2027-03-28T01:30:00.000Z',
    );
  });
});

describe('cron expressions', () => {
  const daily = { cron: '30 2 * * *', timezone: 'UTC' };

  test('are read by whoever knows them', () => {
    const answer = new Date('2027-03-02T02:30:00Z');
    expect(
      nextTick(daily, anchor, (timing, after) => (timing === daily && after === anchor ? answer : null)),
    ).toBe(answer);
  });

  test('without a time to come are an error', () => {
    expect(() => nextTick(daily, anchor, noCron)).toThrow(NeverTicksError);
  });
});

test('a rhythm is told the same from tick to tick, and differs where ticks differ', () => {
  const later = { everySeconds: 60, anchor: new Date(anchor.getTime() + 7 * 60_000) };
  const shifted = { everySeconds: 60, anchor: new Date(anchor.getTime() + 1) };
  expect(rhythmOf(later)).toBe(rhythmOf(every));
  expect(rhythmOf(shifted)).not.toBe(rhythmOf(every));
  expect(rhythmOf({ everySeconds: 60, anchor: new Date(-1) })).toBe('every 60 s, 59999 ms after the epoch');
  expect(rhythmOf({ cron: '30 2 * * *', timezone: 'UTC' })).toBe('30 2 * * * UTC');
});

import { describe, expect, test } from '@jest/globals';
import { count, countOf, duration, moment } from '../src/output/figures.ts';

describe('figures', () => {
  test('counts have separators', () => {
    expect([count(0), count(999), count(12_345_678)]).toEqual(['0', '999', '12,345,678']);
  });

  test('one is singular', () => {
    expect([countOf(0, 'calls'), countOf(1, 'calls'), countOf(2, 'calls')]).toEqual([
      '0 calls',
      '1 call',
      '2 calls',
    ]);
  });

  test.each([
    [-5, '0.0 s'],
    [0, '0.0 s'],
    [9_949, '9.9 s'],
    [10_000, '10 s'],
    [59_999, '59 s'],
    [60_000, '1:00'],
    [187_000, '3:07'],
    [3_727_000, '1:02:07'],
  ])('%d ms are %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text);
  });

  test('times are in UTC and a missing one is a dash', () => {
    expect(moment('2026-06-30T14:00:00.5+02:00')).toBe('2026-06-30 12:00:00 UTC');
    expect(moment(null)).toBe('-');
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  mergeReadings,
  readingOf,
  readingsOfPage,
  readingsReconcile,
  type SchemaReading,
} from '../../src/validation/index.ts';

const reading = fc.record<SchemaReading>({
  kind: fc.constantFrom('response', 'record'),
  schema: fc.constantFrom('a', 'b', 'c'),
  passed: fc.nat(5),
  repaired: fc.nat(5),
  quarantined: fc.nat(5),
  fallbacks: fc.dictionary(fc.constantFrom('/x', '/y'), fc.integer({ min: 1, max: 5 })),
});

function total(readings: readonly SchemaReading[]) {
  const sum = (pick: (one: SchemaReading) => number) => readings.reduce((all, one) => all + pick(one), 0);
  return [sum((one) => one.passed), sum((one) => one.repaired), sum((one) => one.quarantined)];
}

describe('what a schema saw', () => {
  test('E27: each item counts once, however many fallbacks it needed', () => {
    expect(readingOf('record', 'messages', [[], ['/id', '/from/id'], ['/id', '/id']], 2)).toEqual({
      kind: 'record',
      schema: 'messages',
      passed: 1,
      repaired: 2,
      quarantined: 2,
      fallbacks: { '/id': 2, '/from/id': 1 },
    });
  });

  test('adds up by kind and schema, with nothing lost and nothing named twice', () => {
    fc.assert(
      fc.property(fc.array(reading), (readings) => {
        const merged = mergeReadings(readings);
        expect(total(merged)).toEqual(total(readings));
        const names = merged.map(({ kind, schema }) => `${kind} ${schema}`);
        expect(new Set(names).size).toBe(names.length);
        expect(merged.every((one) => one.passed + one.repaired + one.quarantined > 0)).toBe(true);
      }),
    );
  });
});

describe('what is stored of a page', () => {
  const counted = [{ stream: 'messages', read: 5, quarantined: 1 }];

  test('follows from the counts where the connector tells nothing', () => {
    const readings = readingsOfPage(undefined, [...counted, { stream: 'none', read: 0, quarantined: 0 }]);
    expect(readings).toMatchObject([{ schema: 'messages', passed: 4, repaired: 0, quarantined: 1 }]);
    expect(readingsReconcile(readings, counted)).toBe(true);
  });

  test('is what the connector tells, when it adds up with the counts', () => {
    const told = [
      readingOf('response', 'messages', [[]]),
      readingOf('record', 'messages', [[], [], [], ['/id']], 1),
    ];
    expect(readingsOfPage(told, counted)).toHaveLength(2);
    expect(readingsReconcile(told, counted)).toBe(true);
  });

  test.each<[string, SchemaReading[]]>([
    ['too few', [readingOf('record', 'messages', [[]], 1)]],
    ['other quarantined ones', [readingOf('record', 'messages', [[], [], []], 2)]],
    ['none', []],
    [
      'records of a stream that was not read',
      [readingOf('record', 'messages', [[], [], [], []], 1), readingOf('record', 'x', [[]])],
    ],
  ])('does not add up with %s', (_, told) => {
    expect(readingsReconcile(told, counted)).toBe(false);
  });
});

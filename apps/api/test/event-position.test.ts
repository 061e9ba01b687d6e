import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BEGINNING, eventIdOf, parseEventId } from '../src/events/event-position.ts';
import { SEEDED } from '../../../test/support/property-seed.ts';

fc.configureGlobal(SEEDED);

describe('ids of server-sent events', () => {
  test('are read back as they were sent', () => {
    const position = fc.record({ row: fc.bigInt({ min: 1n, max: 2n ** 61n }), followed: fc.boolean() });
    fc.assert(fc.property(position, (sent) => expect(parseEventId(eventIdOf(sent))).toEqual(sent)));
  });

  test('grow with the stored event, and what follows from it comes after it and before the next', () => {
    const id = (row: bigint, followed: boolean) => BigInt(eventIdOf({ row, followed }));
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 60n }), (row) => {
        expect(id(row, false) < id(row, true) && id(row, true) < id(row + 1n, false)).toBe(true);
      }),
    );
  });

  test('0 is the beginning, and what is none is refused', () => {
    expect(parseEventId('0')).toEqual(BEGINNING);
    for (const text of ['', '-1', '1.5', 'abc', '1e3', '9'.repeat(30)]) expect(parseEventId(text)).toBeNull();
  });
});

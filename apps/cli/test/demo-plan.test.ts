import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { planPage, simulatorArguments } from '../src/demo/demo-plan.ts';
import { SEEDED } from '../../../test/support/property-seed.ts';

fc.configureGlobal(SEEDED);

const plan = (conversations: number, messages: number) =>
  planPage({ once: true, port: undefined, conversations, messages });

describe("the demo's Page", () => {
  test('has long threads and odd records by default', () => {
    const page = plan(400, 8_000);
    expect(page).toMatchObject({ longThreads: 3, isOdd: true });
    expect(simulatorArguments(page, 15)).toEqual(
      expect.arrayContaining(['--conversations=400', '--messages=8000', '--long-threads=3', '--odd=all']),
    );
  });

  test('has an id of its own for other figures, numeric and not too long', () => {
    const ids = [plan(400, 8_000), plan(401, 8_000), plan(400, 8_001)].map(({ pageId }) => pageId);
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^\d{1,30}$/);
  });

  test('refuses figures that contradict each other', () => {
    expect(() => plan(10, 9)).toThrow('9 messages are too few for 10 conversations');
  });

  test('always leaves a message for each conversation beside its long threads', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 0, max: 50_000 }), (some, more) => {
        const { longThreads = 0 } = plan(some, some + more);
        expect(longThreads).toBeLessThanOrEqual(some);
        expect(longThreads * 301 + (some - longThreads)).toBeLessThanOrEqual(some + more);
      }),
    );
  });
});

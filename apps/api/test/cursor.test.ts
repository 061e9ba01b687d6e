import { describe, expect, test } from '@jest/globals';
import { ProblemError } from '@tidemark/core/errors';
import fc from 'fast-check';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from '../src/http/cursor.ts';
import { SEEDED } from '../../../test/support/property-seed.ts';

fc.configureGlobal(SEEDED);

const position = z.object({ at: z.iso.datetime().nullable(), id: z.uuid() });

function codeOf(attempt: () => unknown): string | null {
  try {
    attempt();
    return null;
  } catch (error) {
    return error instanceof ProblemError ? error.code : String(error);
  }
}

describe('cursors', () => {
  test('bring the position back', () => {
    const at = fc.option(
      fc
        .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
        .map((date) => date.toISOString()),
    );
    fc.assert(
      fc.property(fc.record({ at, id: fc.uuid({ version: 7 }) }), (sent) => {
        expect(decodeCursor('list', position, encodeCursor('list', sent))).toEqual(sent);
      }),
    );
  });

  test('without one there is no position', () => {
    expect(decodeCursor('list', position, undefined)).toBeNull();
  });

  test('any other text is refused, never an error of ours', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
        expect(codeOf(() => decodeCursor('list', position, text))).toBe('invalid_cursor');
      }),
    );
  });

  test('the cursor of another list, and one with anything added, are refused', () => {
    const good = { at: null, id: '01890000-0000-7000-8000-000000000000' };
    expect(codeOf(() => decodeCursor('list', position, encodeCursor('other', good)))).toBe('invalid_cursor');
    const more = { ...good, extra: 1 };
    expect(codeOf(() => decodeCursor('list', position, encodeCursor('list', more)))).toBe('invalid_cursor');
    expect(codeOf(() => decodeCursor('list', position, `${encodeCursor('list', good)}AA`))).toBe(
      'invalid_cursor',
    );
  });
});

import { ProblemError } from '@tidemark/core/errors';
import { z } from 'zod';
import { CURSOR_REMEDY } from './validation.ts';

/**
 * Cursors are the position after the last row of a page, as base64url of JSON, with the name of their list, so
 * that the cursor of one list is refused by another. They hold nothing the page itself did not show.
 */
export function encodeCursor(list: string, position: unknown): string {
  return Buffer.from(JSON.stringify([list, position]), 'utf8').toString('base64url');
}

/** The position in a cursor; null without a cursor. Throws `invalid_cursor`. */
export function decodeCursor<P>(list: string, position: z.ZodType<P>, cursor: string | undefined): P | null {
  if (cursor === undefined) return null;
  const parsed = z.tuple([z.literal(list), position]).safeParse(jsonOf(cursor));
  if (parsed.success && encodeCursor(list, parsed.data[1]) === cursor) return parsed.data[1];
  const errors = [{ pointer: 'cursor', message: CURSOR_REMEDY }];
  throw new ProblemError('invalid_cursor', `"cursor": ${CURSOR_REMEDY}`, { errors });
}

function jsonOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The body of a list's answer. */
export function listBody<T>(
  list: string,
  page: { rows: T[]; next: unknown },
): { data: T[]; nextCursor: string | null } {
  return { data: page.rows, nextCursor: page.next === null ? null : encodeCursor(list, page.next) };
}

import type { Key } from '../data/sorted.ts';

export type CursorEdge = 'conversations' | 'messages';

/** What a cursor remembers: the row it was issued at, by id and by where that row stood. */
export interface Cursor {
  readonly edge: CursorEdge;
  /** The conversation the messages belong to; empty on the conversations edge. */
  readonly parent: string;
  readonly id: string;
  readonly key: Key;
  /** The page's revision when the cursor was issued. */
  readonly revision: number;
  /** Milliseconds since the epoch on the simulator's clock. */
  readonly issuedAt: number;
  /** Makes the cursor of an empty page differ from the one it answered. */
  readonly turn: number;
}

const MARK = 'tmk1';

/** An opaque text, base64 like the real ones. */
export function encodeCursor(cursor: Cursor): string {
  const { edge, parent, id, key, revision, issuedAt, turn } = cursor;
  const parts = [MARK, edge, parent, id, key[0], key[1], revision, issuedAt, turn];
  return Buffer.from(JSON.stringify(parts)).toString('base64');
}

/** The cursor of a text, or null when it is none of ours for this edge. */
export function decodeCursor(text: string, edge: CursorEdge, parent: string): Cursor | null {
  const parts = parseList(Buffer.from(text, 'base64').toString());
  const [mark, kind, owner, id, ...numbers] = parts;
  if (mark !== MARK || kind !== edge || owner !== parent || typeof id !== 'string') return null;
  if (!numbers.every((item) => typeof item === 'number')) return null;
  const [major, minor, revision, issuedAt, turn] = numbers;
  if (major === undefined || minor === undefined || revision === undefined) return null;
  if (issuedAt === undefined || turn === undefined) return null;
  return { edge, parent, id, key: [major, minor], revision, issuedAt, turn };
}

function parseList(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

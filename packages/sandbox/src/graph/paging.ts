import type { Key } from '../data/sorted.ts';
import { type Cursor, type CursorEdge, decodeCursor, encodeCursor } from './cursors.ts';
import { GraphError, invalidParameter } from './errors.ts';
import type { RenderContext } from './render.ts';

/** How a call wants its cursors treated; null and 0 leave them alone. */
export interface CursorFaults {
  /** Refuse every cursor with this error. */
  readonly refuse: '2642' | '100' | null;
  /** Answer from another position: so many rows further down, or up when negative. */
  readonly shift: number;
  /** Spare cursors issued since the latest change of the page's data. */
  readonly onlyAfterMutation: boolean;
  /** Spare cursors that are no older than this. */
  readonly olderThanMs: number | null;
}

export interface PagingParams {
  readonly after: string | null;
  readonly before: string | null;
  readonly limit: number;
}

export const DEFAULT_LIMIT = 25;

/** Reads `limit`: 25 when missing, cut down to the edge's maximum, refused when it is no positive number. */
export function readLimit(text: string | null | undefined, maximum: number): number {
  if (text === null || text === undefined || text === '') return Math.min(DEFAULT_LIMIT, maximum);
  if (!/^\d+$/.test(text) || Number(text) === 0) throw invalidParameter('limit must be a positive integer');
  return Math.min(Number(text), maximum);
}

/** The position a cursor text stands for. Throws the source's error for one it cannot read. */
export function positionOf(text: string | null, edge: CursorEdge, parent: string): Cursor | null {
  if (text === null || text === '') return null;
  const cursor = decodeCursor(text, edge, parent);
  if (cursor === null) throw refusal('2642');
  return cursor;
}

export function refusal(mode: '2642' | '100'): GraphError {
  if (mode === '2642') return new GraphError({ code: 2642 });
  return new GraphError({ code: 100, message: '(#100) The parameter after is not a valid cursor' });
}

/** What the paging object of an edge says. */
export interface PagingFacts {
  readonly edge: CursorEdge;
  readonly parent: string;
  /** First and last row by id and key; null for a page without rows. */
  readonly first: { readonly id: string; readonly key: Key } | null;
  readonly last: { readonly id: string; readonly key: Key } | null;
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
  readonly turn: number;
  /** Path below the version, and the parameters that go into its links beside token and cursor. */
  readonly path: string;
  readonly query: string;
}

/** JSON text of `paging`, or null for an edge without rows that does not go on. */
export function renderPaging(facts: PagingFacts, context: RenderContext): string | null {
  const { first, last } = facts;
  if (first === null || last === null) return null;
  const common = {
    edge: facts.edge,
    parent: facts.parent,
    revision: context.page.revision,
    issuedAt: context.now,
    turn: facts.turn,
  };
  const before = encodeCursor({ ...common, ...first });
  const after = encodeCursor({ ...common, ...last });
  const token = encodeURIComponent(context.token);
  const link = `${context.base}${facts.path}?access_token=${token}${facts.query}`;
  const next = facts.hasNext ? `,"next":${JSON.stringify(`${link}&after=${encodeURIComponent(after)}`)}` : '';
  const previous = facts.hasPrevious
    ? `,"previous":${JSON.stringify(`${link}&before=${encodeURIComponent(before)}`)}`
    : '';
  return `{"cursors":{"before":"${before}","after":"${after}"}${next}${previous}}`;
}

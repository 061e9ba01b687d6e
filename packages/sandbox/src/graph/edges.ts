import type { SimConversation, SimMessage } from '../data/model.ts';
import type { Key } from '../data/sorted.ts';
import type { Cursor, CursorEdge } from './cursors.ts';
import { type MessagePlan, renderMessages } from './message-node.ts';
import { type CursorFaults, type PagingParams, positionOf, refusal, renderPaging } from './paging.ts';
import type { RenderContext } from './render.ts';
import { type Ranked, rankMessages, type Window, windowOf } from './windows.ts';

/** What faults do to the shape of an edge's answer. */
export interface Shaping {
  /** No rows, but a `next` that goes on from the same place. */
  readonly empty: boolean;
  /** At most so many rows, with a `next` if there are more. */
  readonly shortTo: number | null;
  readonly cursors: CursorFaults;
  /** No `paging` at all, as if this were the end. */
  readonly omitPaging: boolean;
  /** A `next` although nothing follows. */
  readonly danglingNext: boolean;
  /** The rows of the page in another order. */
  readonly reverse: boolean;
}

export const PLAIN: Shaping = {
  empty: false,
  shortTo: null,
  cursors: { refuse: null, shift: 0, onlyAfterMutation: false, olderThanMs: null },
  omitPaging: false,
  danglingNext: false,
  reverse: false,
};

export interface EdgeCall<T> {
  readonly edge: CursorEdge;
  /** The conversation whose messages these are; empty on the conversations edge. */
  readonly parent: string;
  readonly ranked: Ranked<T>;
  readonly params: PagingParams;
  readonly shaping: Shaping;
  /** Path below the version and further parameters for the links. */
  readonly path: string;
  readonly query: string;
  readonly context: RenderContext;
  /** JSON texts of the rows, joined by commas. */
  readonly render: (rows: readonly T[]) => string;
}

export interface EdgeAnswer {
  readonly body: string;
  readonly rows: number;
}

const TOP: Key = [Number.MAX_SAFE_INTEGER, 0];

/** One page of an edge: rows and paging. */
export function renderEdge<T extends { readonly id: string }>(call: EdgeCall<T>): EdgeAnswer {
  const { edge, parent, params, shaping, ranked } = call;
  const after = positionOf(params.after, edge, parent);
  const before = positionOf(params.before, edge, parent);
  const cursor = after ?? before;
  const stale = cursor !== null && isStale(cursor, shaping.cursors, call.context);
  if (stale && shaping.cursors.refuse !== null) throw refusal(shaping.cursors.refuse);
  const window = shaping.empty
    ? emptyWindow<T>()
    : windowOf(ranked, {
        after: after?.key ?? null,
        before: before?.key ?? null,
        limit: Math.min(params.limit, shaping.shortTo ?? params.limit),
        shift: stale ? shaping.cursors.shift : 0,
      });
  const place = shaping.empty ? { id: cursor?.id ?? '', key: cursor?.key ?? TOP } : null;
  const paging = shaping.omitPaging
    ? null
    : renderPaging(
        {
          edge,
          parent,
          first: place ?? placeOf(ranked, window.rows.at(0)),
          last: place ?? placeOf(ranked, window.rows.at(-1)),
          hasNext: window.hasNext || shaping.danglingNext,
          hasPrevious: window.hasPrevious,
          turn: shaping.empty ? (cursor?.turn ?? 0) + 1 : 0,
          path: call.path,
          query: call.query,
        },
        call.context,
      );
  const shown = shaping.reverse ? [...window.rows].reverse() : window.rows;
  const data = call.render(shown);
  const body = paging === null ? `{"data":[${data}]}` : `{"data":[${data}],"paging":${paging}}`;
  return { body, rows: window.rows.length };
}

function isStale(cursor: Cursor, faults: CursorFaults, context: RenderContext): boolean {
  if (faults.onlyAfterMutation && cursor.revision >= context.page.revision) return false;
  return faults.olderThanMs === null || context.now - cursor.issuedAt > faults.olderThanMs;
}

function emptyWindow<T>(): Window<T> {
  return { rows: [], hasNext: true, hasPrevious: false };
}

function placeOf<T extends { readonly id: string }>(
  ranked: Ranked<T>,
  row: T | undefined,
): { id: string; key: Key } | null {
  return row === undefined ? null : { id: row.id, key: ranked.key(row) };
}

export interface MessagesCall {
  readonly conversation: SimConversation;
  readonly plan: MessagePlan;
  readonly params: PagingParams;
  readonly shaping: Shaping;
  /** The fields as written, for the links; null for the defaults. */
  readonly fieldsText: string | null;
  /** Row of the conversation within its own edge, when nested in one. */
  readonly parentRow: number | null;
}

/** The messages edge of a conversation, whether asked for by itself or nested in its conversation. */
export function renderMessagesEdge(call: MessagesCall, context: RenderContext): EdgeAnswer {
  const { conversation, params, parentRow } = call;
  const { unordered } = context.behaviour;
  const fields = call.fieldsText === null ? '' : `&fields=${encodeURIComponent(call.fieldsText)}`;
  const withoutPaging = conversation.oddity === 'missing-paging' && fits(conversation, params);
  return renderEdge<SimMessage>({
    edge: 'messages',
    parent: conversation.id,
    ranked: rankMessages(conversation, unordered === 'messages' || unordered === 'both'),
    params,
    shaping: withoutPaging ? { ...call.shaping, omitPaging: true } : call.shaping,
    path: `/${conversation.id}/messages`,
    query: `${fields}&limit=${params.limit}`,
    context,
    render: (rows) =>
      renderMessages(call.plan, rows, { conversation, context }, (row) =>
        context.breakages.find((breakage) =>
          parentRow === null
            ? breakage.row === row && breakage.messageRow === undefined
            : breakage.row === parentRow && breakage.messageRow === row,
        ),
      ),
  });
}

/** Odd, but not lossy: paging is left out only where nothing would follow. */
function fits(conversation: SimConversation, params: PagingParams): boolean {
  return params.after === null && params.before === null && conversation.messages.length <= params.limit;
}

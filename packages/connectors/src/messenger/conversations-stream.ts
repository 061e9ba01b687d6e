import { defineStream, type FetchContext, type Page } from '@tidemark/core/connector';
import { SourceError } from '@tidemark/core/failure';
import type { ConversationRecord, InvalidRecord } from '@tidemark/core/records';
import {
  afterGoodPage,
  asksForTimes,
  bottomOf,
  goOn,
  type MessengerCheckpoint,
  type MessengerWatermark,
  messengerCheckpoint,
  maySuspect,
  messengerWatermark,
  restartWalk,
  setAsideWalk,
  shrinkWalk,
  startWalk,
} from './checkpoint.ts';
import type { MessengerConfig, MessengerCredentials } from './config.ts';
import { readGraphAnswer } from './graph-errors.ts';
import { type GraphApi, graphGet, nextPosition } from './graph-request.ts';
import { type GraphEdge, graphEdge } from './graph-schemas.ts';
import { messagesOf, type ParsedConversation, parseConversation, parseMessages } from './to-records.ts';

type Context = FetchContext<MessengerConfig, MessengerCredentials, MessengerCheckpoint>;
type MessengerPage = Page<MessengerCheckpoint, MessengerWatermark>;

/** `shares` only comes with the sub-fields that are asked for. */
const MESSAGE_FIELDS =
  'id,created_time,from,to,message,sticker,tags,attachments,shares{id,link,name,description},reactions,reply_to,is_unsupported';

/**
 * Walks the conversations of a Page, newest first, each with its first page of messages; conversations with more
 * messages go onto a stack in the checkpoint and are read to their end before the next page of conversations.
 */
export function conversationsStream(api: GraphApi) {
  return defineStream<MessengerConfig, MessengerCredentials, MessengerCheckpoint, MessengerWatermark>({
    name: 'conversations',
    checkpoint: messengerCheckpoint,
    watermark: messengerWatermark,
    start: ({ config, watermark }) => startWalk(config, watermark),
    shrink: shrinkWalk,
    restart: restartWalk,
    setAside: setAsideWalk,
    fetchPage: (context) => {
      const thread = context.checkpoint.threads[0];
      return thread === undefined ? fetchConversations(api, context) : fetchMessages(api, context, thread);
    },
  });
}

async function fetchConversations(api: GraphApi, context: Context): Promise<MessengerPage> {
  const { config, checkpoint } = context;
  const edge = await fetchEdge(
    api,
    context,
    `${config.pageId}/conversations`,
    conversationsQuery(checkpoint),
  );
  const items = edge.data.map((raw) => parseConversation(raw, { pageId: config.pageId, asOf: edge.asOf }));
  const parsed = items.filter((item): item is ParsedConversation => 'record' in item);
  const invalid = items.flatMap((item): InvalidRecord[] => ('record' in item ? item.invalid : [item]));
  const isOrdered = checkpoint.isOrdered && isNewestFirst(parsed);
  if (isOrdered)
    distrustOrder(checkpoint, checkpoint.position, checkpoint.reached?.time ?? null, newest(parsed));

  const position = onward(edge, checkpoint.position);
  const bottom = bottomOf(checkpoint);
  const fresh = parsed.filter((item) => isNew(item, checkpoint.pass) && isOnward(item, checkpoint));
  const isOver = checkpoint.pass === null ? crossedFloor(parsed, bottom) : endsBelow(parsed, bottom);
  const next: MessengerCheckpoint = {
    ...afterGoodPage(checkpoint, config),
    ceiling: checkpoint.ceiling ?? newest(parsed),
    ceilingIds: checkpoint.ceiling === null ? idsAt(parsed, newest(parsed)) : checkpoint.ceilingIds,
    position,
    listed: position === null || (isOrdered && isOver),
    threads: fresh.flatMap((item) => furtherMessages(item, checkpoint)),
    reached: reach(checkpoint.reached, fresh),
    catchingUp: checkpoint.catchingUp && fresh.length === 0,
    isOrdered,
    wide: checkpoint.wide || (position !== null && !endsBelow(parsed, bottom)),
  };
  return toPage(
    next,
    fresh.map((item) => item.record),
    invalid,
  );
}

function conversationsQuery(checkpoint: MessengerCheckpoint): Record<string, string> {
  const { sizes, position } = checkpoint;
  const isPlain = asksForTimes(checkpoint) || sizes.messages === 0;
  const nested = isPlain ? '' : `,messages.limit(${sizes.messages}){${MESSAGE_FIELDS}}`;
  const limit = asksForTimes(checkpoint) ? sizes.catchUp : sizes.conversations;
  const fields = `id,updated_time,participants${nested}`;
  return { fields, limit: String(limit), platform: 'messenger', ...positionOf(position) };
}

async function fetchMessages(
  api: GraphApi,
  context: Context,
  thread: MessengerCheckpoint['threads'][number],
): Promise<MessengerPage> {
  const { config, checkpoint } = context;
  const query = {
    fields: thread.catchingUp ? 'id,created_time' : MESSAGE_FIELDS,
    limit: String(checkpoint.sizes.furtherMessages),
    ...positionOf(thread.position),
  };
  const edge = await fetchEdge(api, context, `${encodeURIComponent(thread.graphId)}/messages`, query);
  const place = { pageId: config.pageId, senderId: thread.senderId, asOf: edge.asOf };
  const messages = parseMessages(edge.data, place);
  const position = onward(edge, thread.position);
  const walk = afterGoodPage(checkpoint, config);
  const rest = checkpoint.threads.slice(1);
  if (thread.catchingUp) {
    // Back where the walk was: the same page once more, now with its messages.
    const isBack = position === null || isBelow(messages.oldest, thread.reached);
    const onwards = isBack ? { position: thread.position, reached: null } : { position };
    return toPage({ ...walk, threads: [{ ...thread, ...onwards, catchingUp: !isBack }, ...rest] }, [], []);
  }
  distrustOrder(checkpoint, thread.position, thread.reached, messages.newest);
  const isKnown = isBelow(messages.oldest, checkpoint.floor);
  const goesOn = { ...thread, position, reached: messages.oldest ?? thread.reached };
  const threads = position === null || isKnown ? rest : [goesOn, ...rest];
  return toPage({ ...walk, threads }, [messagesOf(place, messages.events)], messages.invalid);
}

function toPage(
  next: MessengerCheckpoint,
  rows: ConversationRecord[],
  invalid: InvalidRecord[],
): MessengerPage {
  return { records: [{ kind: 'conversations', rows }], invalid, ...goOn(next), total: null };
}

type DatedEdge = GraphEdge & { asOf: string };

async function fetchEdge(
  api: GraphApi,
  context: Context,
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<DatedEdge> {
  const answer = await context.io.fetch(graphGet(api, path, query, context.credentials));
  const usedCursor = context.checkpoint.threads[0]?.position != null || context.checkpoint.position !== null;
  const parsed = graphEdge.safeParse(readGraphAnswer(answer, context.config, usedCursor));
  if (parsed.success) return { ...parsed.data, asOf: new Date(answer.answeredAtMs).toISOString() };
  const issue = parsed.error.issues[0];
  const where = issue?.path.map((part) => `/${String(part)}`).join('') || '/';
  throw new SourceError({
    kind: 'invalidResponse',
    code: 'source_response_invalid',
    message: `The Graph API answered with a shape we do not know, at ${where}: ${issue?.message ?? 'it does not fit'}`,
  });
}

/**
 * A cursor may go stale without a word and lead to another place. The order is newest first, so a page that holds
 * something newer than what the page before it ended with is not the next one.
 */
function distrustOrder(
  checkpoint: MessengerCheckpoint,
  position: string | null,
  reached: string | null,
  newestHere: string | null,
): void {
  if (position === null || reached === null || newestHere === null || checkpoint.catchingUp) return;
  if (newestHere <= reached || !maySuspect(checkpoint)) return;
  throw new SourceError({
    kind: 'staleCursor',
    code: 'source_cursor_stale',
    message: `The page after ${reached} holds something of ${newestHere}: the cursor led astray.`,
  });
}

/** Whether a further pass has to read a conversation: it changed since the pass before began. */
function isNew(
  { conversation: { id, updated_time } }: ParsedConversation,
  pass: MessengerCheckpoint['pass'],
): boolean {
  if (pass === null || updated_time > pass.bottom) return true;
  return updated_time === pass.bottom && !pass.bottomIds.includes(id);
}

function isOnward(item: ParsedConversation, { catchingUp, reached }: MessengerCheckpoint): boolean {
  return !catchingUp || isBeyond(item, reached);
}

function idsAt(parsed: readonly ParsedConversation[], time: string | null): string[] {
  return parsed.flatMap(({ conversation: { id, updated_time } }) => (updated_time === time ? [id] : []));
}

/** Whether a conversation lies beyond what the walk came to. */
function isBeyond(item: ParsedConversation, reached: MessengerCheckpoint['reached']): boolean {
  if (reached === null) return true;
  const { id, updated_time } = item.conversation;
  return updated_time < reached.time || (updated_time === reached.time && !reached.graphIds.includes(id));
}

/** How far the walk came, with these conversations. */
function reach(
  reached: MessengerCheckpoint['reached'],
  items: readonly ParsedConversation[],
): MessengerCheckpoint['reached'] {
  return items.reduce<MessengerCheckpoint['reached']>((far, { conversation: { id, updated_time: time } }) => {
    if (far === null || time < far.time) return { time, graphIds: [id] };
    return time === far.time ? { time, graphIds: [...far.graphIds, id] } : far;
  }, reached);
}

/** A position that does not move would be walked for ever; a `next` without a position would lose the rest. */
function onward(edge: GraphEdge, current: string | null): string | null {
  const position = nextPosition(edge);
  const hasNext = edge.paging?.next !== undefined;
  if (hasNext && (position === null || position === current)) {
    throw new SourceError({
      kind: 'invalidResponse',
      code: 'source_response_invalid',
      message: 'The Graph API says that there is a next page, but not where, or at the place we are.',
    });
  }
  return position;
}

function positionOf(position: string | null): Record<string, string> {
  return position === null ? {} : Object.fromEntries(new URLSearchParams(position));
}

function newest(parsed: readonly ParsedConversation[]): string | null {
  return parsed.reduce<string | null>((top, { conversation }) => {
    return top === null || conversation.updated_time > top ? conversation.updated_time : top;
  }, null);
}

function isNewestFirst(parsed: readonly ParsedConversation[]): boolean {
  const times = parsed.map(({ conversation }) => conversation.updated_time);
  return times.every((time, index) => index === 0 || time <= (times[index - 1] ?? time));
}

function isBelow(time: string | null, floor: string | null): boolean {
  return floor !== null && time !== null && time < floor;
}

/**
 * The walk may stop after a whole page of conversations that lie below the floor: one old conversation among newer
 * ones proves nothing, because the order is not documented.
 */
function crossedFloor(parsed: readonly ParsedConversation[], floor: string | null): boolean {
  return parsed.length > 0 && parsed.every(({ conversation }) => isBelow(conversation.updated_time, floor));
}

/** Whether a page of conversations reaches below the bottom, and so holds all there is above it. */
function endsBelow(parsed: readonly ParsedConversation[], bottom: string | null): boolean {
  return isBelow(parsed.at(-1)?.conversation.updated_time ?? null, bottom);
}

/** Messages older than the floor are known, so a conversation whose nested page reaches below it needs no more. */
function furtherMessages(
  item: ParsedConversation,
  walk: MessengerCheckpoint,
): MessengerCheckpoint['threads'] {
  const thread = {
    graphId: item.conversation.id,
    senderId: item.record.senderId,
    reached: item.oldestMessage,
    catchingUp: false,
  };
  if (walk.sizes.messages === 0 || asksForTimes(walk)) {
    return isBelow(item.conversation.updated_time, walk.floor) ? [] : [{ ...thread, position: null }];
  }
  const edge = item.conversation.messages;
  if (edge == null || isBelow(item.oldestMessage, walk.floor)) return [];
  const position = onward(edge, null);
  return position === null ? [] : [{ ...thread, position }];
}

import { defineStream, type FetchContext, type Page } from '@tidemark/core/connector';
import { SourceError } from '@tidemark/core/failure';
import type { ConversationRecord, InvalidRecord } from '@tidemark/core/records';
import { readingOf, type SchemaReading } from '@tidemark/core/validation';
import {
  afterGoodPage,
  type MessengerCheckpoint,
  type MessengerWatermark,
  messengerCheckpoint,
  maySuspect,
  messengerWatermark,
  restartWalk,
  shrinkWalk,
  startWalk,
} from './checkpoint.ts';
import { endOfWalk, isNews, type Place, provesRound, roundFloor, setAsideWalk, topOf } from './closing.ts';
import type { MessengerConfig, MessengerCredentials } from './config.ts';
import { readGraphAnswer } from './graph-errors.ts';
import { type GraphApi, graphGet, nextPosition } from './graph-request.ts';
import { type GraphEdge, graphEdge } from './graph-schemas.ts';
import { parseGraphTime } from './graph-time.ts';
import { variationsOf } from './graph-variations.ts';
import { messagesOf, type ParsedConversation, parseConversation, parseMessages } from './to-records.ts';

type Context = FetchContext<MessengerConfig, MessengerCredentials, MessengerCheckpoint>;
type MessengerPage = Page<MessengerCheckpoint, MessengerWatermark>;

/** `shares` only comes with the sub-fields that are asked for. */
const MESSAGE_FIELDS =
  'id,created_time,from,to,message,sticker,tags,attachments,shares{id,link,name,description},reactions,reply_to,is_unsupported';

/** Conversations per call while only ids and times are asked for. */
const NAMES_LIMIT = 100;

/**
 * Walks the conversations of a Page, newest first, each with its first page of messages; conversations with more
 * messages go onto a stack in the checkpoint and are read to their end before the next page of conversations.
 */
export function conversationsStream(api: GraphApi) {
  return defineStream<MessengerConfig, MessengerCredentials, MessengerCheckpoint, MessengerWatermark>({
    name: 'conversations',
    kind: 'conversations',
    sweeps: 'conversations',
    beginsWithKnown: true,
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
    conversationsQuery(checkpoint, config),
  );
  const items = edge.data.map((raw) => parseConversation(raw, { pageId: config.pageId, asOf: edge.asOf }));
  const parsed = items.filter((item): item is ParsedConversation => 'record' in item);
  const isOrdered = checkpoint.isOrdered && isNewestFirst(parsed);
  if (isOrdered)
    distrustOrder(checkpoint, checkpoint.position, checkpoint.reached?.time ?? null, newest(parsed));

  const position = onward(edge, checkpoint.position);
  const isFresh = (item: ParsedConversation) =>
    (!checkpoint.catchingUp || isBeyond(item, checkpoint.reached)) && isNews(checkpoint, placeOf(item));
  const fresh = parsed.filter(isFresh);
  const invalid = items
    .filter((item) => isNews(checkpoint, placeOf(item)))
    .flatMap((item): InvalidRecord[] => ('record' in item ? item.invalid : [item]));
  const floor = roundFloor(checkpoint) ?? checkpoint.floor;
  // A round over a source without order proves nothing, and goes no further.
  const isVain = checkpoint.round !== null && !isOrdered;
  // On a page of a round the order was checked, row by row, and its first rows are never below the floor.
  const isOver = checkpoint.round === null ? crossedFloor(parsed, floor) : endsBelow(parsed, floor);
  const listed = position === null || isVain || (isOrdered && isOver);
  const isLost = !parsed.some((item) => isBeyond(item, checkpoint.reached));
  const next: MessengerCheckpoint = {
    ...afterGoodPage(checkpoint, config),
    ceiling: checkpoint.ceiling ?? newest(parsed),
    position,
    listed,
    threads: fresh.flatMap((item) => furtherMessages(item, checkpoint)),
    reached: reach(checkpoint.reached, checkpoint.round === null ? fresh : parsed),
    catchingUp: checkpoint.catchingUp && isLost,
    isOrdered,
    wide: checkpoint.wide || (position !== null && !endsBelow(parsed, floor)),
    top: topOf(checkpoint, items.map(placeOf).filter(isPlaced)),
    proof: provesRound(checkpoint, { isLastOfRound: listed, isOrdered }) ? 'proved' : checkpoint.proof,
  };
  return toPage(next, {
    rows: fresh.map((item) => item.record),
    invalid,
    validation: [
      readingOf('response', 'conversations', [edge.fallbacks]),
      ...recordReadings(
        invalid,
        fresh.map((item) => item.fallbacks),
        fresh.flatMap((item) => item.messageFallbacks),
      ),
    ],
  });
}

function conversationsQuery(
  checkpoint: MessengerCheckpoint,
  config: MessengerConfig,
): Record<string, string> {
  const { sizes, position } = checkpoint;
  const onlyNames = checkpoint.catchingUp || checkpoint.round !== null;
  const nested =
    onlyNames || sizes.messages === 0 ? '' : `,messages.limit(${sizes.messages}){${MESSAGE_FIELDS}}`;
  // A source that found pages too large is not asked for larger ones.
  const isReduced = sizes.conversations < config.pageSize;
  const limit = onlyNames && !isReduced ? Math.max(sizes.conversations, NAMES_LIMIT) : sizes.conversations;
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
  const response = readingOf('response', 'messages', [edge.fallbacks]);
  const position = onward(edge, thread.position);
  const walk = afterGoodPage(checkpoint, config);
  const rest = checkpoint.threads.slice(1);
  if (thread.catchingUp) {
    // Back where the walk was: the same page once more, now with its messages.
    const isBack = position === null || isBelow(messages.oldest, thread.reached);
    const onwards = isBack ? { position: thread.position, reached: null } : { position };
    const next = { ...walk, threads: [{ ...thread, ...onwards, catchingUp: !isBack }, ...rest] };
    return toPage(next, { rows: [], invalid: [], validation: [response] });
  }
  distrustOrder(checkpoint, thread.position, thread.reached, messages.newest);
  const isKnown = isBelow(messages.oldest, checkpoint.floor);
  const goesOn = { ...thread, position, reached: messages.oldest ?? thread.reached };
  const threads = position === null || isKnown ? rest : [goesOn, ...rest];
  return toPage(
    { ...walk, threads },
    {
      rows: [messagesOf(place, messages.events)],
      invalid: messages.invalid,
      validation: [response, ...recordReadings(messages.invalid, [], messages.fallbacks)],
    },
  );
}

/** What the schemas of records saw. A participant is a record of its own only when it cannot be read. */
function recordReadings(
  invalid: readonly InvalidRecord[],
  conversations: readonly string[][],
  messages: readonly string[][],
): SchemaReading[] {
  const refused = (stream: string) => invalid.filter((record) => record.stream === stream).length;
  return [
    readingOf('record', 'conversations', conversations, refused('conversations')),
    readingOf('record', 'messages', messages, refused('messages')),
    readingOf('record', 'participants', [], refused('participants')),
  ];
}

function toPage(
  next: MessengerCheckpoint,
  read: { rows: ConversationRecord[]; invalid: InvalidRecord[]; validation: SchemaReading[] },
): MessengerPage {
  const end = endOfWalk(next);
  const { rows, ...others } = read;
  const page = { records: [{ kind: 'conversations' as const, rows }], ...others, total: null };
  if (end.kind === 'goesOn') return { ...page, next: end.next, watermark: null };
  return { ...page, next: null, watermark: end.watermark, isWhole: end.isWhole };
}

type DatedEdge = GraphEdge & { asOf: string; fallbacks: string[] };

async function fetchEdge(
  api: GraphApi,
  context: Context,
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<DatedEdge> {
  const answer = await context.io.fetch(graphGet(api, path, query, context.credentials));
  const usedCursor = context.checkpoint.threads[0]?.position != null || context.checkpoint.position !== null;
  const raw = readGraphAnswer(answer, context.config, usedCursor);
  const parsed = graphEdge.safeParse(raw);
  if (parsed.success) {
    const asOf = new Date(answer.answeredAtMs).toISOString();
    return { ...parsed.data, asOf, fallbacks: variationsOf.edge(raw) };
  }
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

/** Whether a conversation lies beyond what the walk came to. */
function isBeyond(item: ParsedConversation, reached: MessengerCheckpoint['reached']): boolean {
  if (reached === null) return true;
  const { id, updated_time } = item.conversation;
  return updated_time < reached.time || (updated_time === reached.time && !reached.graphIds.includes(id));
}

function placeOf(item: ParsedConversation | InvalidRecord): Partial<Place> {
  if ('record' in item) return { id: item.conversation.id, updatedTime: item.conversation.updated_time };
  const { externalId, raw } = item;
  const time = raw !== null && typeof raw === 'object' && 'updated_time' in raw ? raw.updated_time : null;
  const updatedTime = parseGraphTime(time);
  return {
    ...(externalId === null ? {} : { id: externalId }),
    ...(updatedTime === null ? {} : { updatedTime }),
  };
}

function isPlaced(place: Partial<Place>): place is Place {
  return place.id !== undefined && place.updatedTime !== undefined;
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

/** Whether a page of conversations reaches below the floor, and so holds all there is above it. */
function endsBelow(parsed: readonly ParsedConversation[], floor: string | null): boolean {
  return isBelow(parsed.at(-1)?.conversation.updated_time ?? null, floor);
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
  // Whatever made it jump, the walk may not have come to it before: it is read down to the floor.
  if (walk.round !== null) return [{ ...thread, position: null }];
  if (walk.sizes.messages === 0 || walk.catchingUp) {
    return isBelow(item.conversation.updated_time, walk.floor) ? [] : [{ ...thread, position: null }];
  }
  const edge = item.conversation.messages;
  if (edge == null || isBelow(item.oldestMessage, walk.floor)) return [];
  const position = onward(edge, null);
  return position === null ? [] : [{ ...thread, position }];
}

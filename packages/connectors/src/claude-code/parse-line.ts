import { sha256Hex } from '@tidemark/core/hashing';
import type { SessionLine, SessionMessagePart, TokenUsage } from '@tidemark/core/records';
import { type FoundObject, isRecord } from './read-lines.ts';

type Fields = Record<string, unknown>;

/** Ids are indexed, so they have a length that an index holds; anything longer is none of Claude Code's. */
const ID_LENGTH_MAX = 200;
const TEXT_LENGTH_MAX = 4_000;
const HASH_LENGTH = 32;

/** What a line says of the session's name: what a person chose counts more than what was made up. */
const TITLES: Readonly<Record<string, { field: string; rank: number }>> = {
  'custom-title': { field: 'customTitle', rank: 3 },
  'ai-title': { field: 'aiTitle', rank: 2 },
  summary: { field: 'summary', rank: 1 },
};

/**
 * Reads what is known of a line. The format is Claude Code's own and changes with its versions: a field that is missing or
 * of another kind is not known, and never a reason to refuse a line; the whole of it is kept.
 */
export function parseLine(
  object: FoundObject,
  file: { sessionId: string; agentId: string | null },
): SessionLine {
  const { value: line, raw } = object;
  const hash = sha256Hex(raw).slice(0, HASH_LENGTH);
  const uuid = idOf(line.uuid);
  const sessionId = idOf(line.sessionId) ?? idOf(line.session_id) ?? file.sessionId;
  const type = textOf(line.type)?.slice(0, ID_LENGTH_MAX) ?? 'unknown';
  return {
    offset: object.at,
    bytes: object.bytes,
    lineNumber: object.lineNumber,
    type,
    uuid,
    parentUuid: idOf(line.parentUuid),
    sessionId,
    agentId: idOf(line.agentId) ?? file.agentId,
    ...messageOf(line, nameOf(uuid, sessionId) ?? hash),
    cwd: textOf(line.cwd),
    gitBranch: textOf(line.gitBranch),
    programVersion: textOf(line.version),
    title: titleOf(type, line),
    raw,
    contentHash: hash,
  };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A real UUID names the line wherever it was copied to; what only looks like one to its author, within its session. */
function nameOf(uuid: string | null, sessionId: string): string | null {
  if (uuid === null) return null;
  return UUID.test(uuid) ? uuid : `${sessionId} ${uuid}`;
}

/** The message a line tells of: its own, or that of a subagent whose progress it reports. */
function messageOf(line: Fields, otherwise: string): Pick<SessionLine, 'message' | 'isSidechain' | 'at'> {
  const progress = recordOf(recordOf(line.data)?.message);
  const envelope =
    recordOf(line.message) === null && recordOf(recordOf(progress?.message)?.usage) ? progress : line;
  const body = recordOf(envelope?.message);
  const at = timeOf(envelope?.timestamp) ?? timeOf(line.timestamp);
  const isSidechain = envelope?.isSidechain === true;
  const role = textOf(body?.role) ?? roleOfType(envelope?.type);
  if (envelope === null || body === null || role === null) return { message: null, isSidechain, at };
  const messageId = idOf(body.id);
  const message: SessionMessagePart = {
    key: messageId ?? (envelope === line ? otherwise : (idOf(envelope.uuid) ?? otherwise)),
    messageId,
    requestId: idOf(envelope.requestId),
    role,
    model: textOf(body.model),
    stopReason: textOf(body.stop_reason),
    usage: usageOf(body.usage),
  };
  return { message, isSidechain, at };
}

function roleOfType(type: unknown): string | null {
  return type === 'user' || type === 'assistant' ? type : null;
}

function titleOf(type: string, line: Fields): SessionLine['title'] {
  const known = Object.hasOwn(TITLES, type) ? TITLES[type] : undefined;
  const text = known === undefined ? null : textOf(line[known.field]);
  return known === undefined || text === null ? null : { text, rank: known.rank };
}

function usageOf(given: unknown): TokenUsage | null {
  const usage = recordOf(given);
  if (usage === null) return null;
  const parts = recordOf(usage.cache_creation) ?? {};
  const created = count(parts.ephemeral_5m_input_tokens) + count(parts.ephemeral_1h_input_tokens);
  return {
    input: count(usage.input_tokens),
    output: count(usage.output_tokens),
    cacheCreation: count(usage.cache_creation_input_tokens) || created,
    cacheRead: count(usage.cache_read_input_tokens),
  };
}

/** More tokens than this are a mistake, and would overflow sums. */
const TOKENS_MAX = 1e12;

function count(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < TOKENS_MAX ? value : 0;
}

/** Times that PostgreSQL and ISO 8601 both can write with four digits of a year. */
const [TIME_MIN, TIME_MAX] = [Date.UTC(1970), Date.UTC(9999, 11, 31)];

function timeOf(value: unknown): string | null {
  const ms = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return ms >= TIME_MIN && ms <= TIME_MAX ? new Date(ms).toISOString() : null;
}

function recordOf(value: unknown): Fields | null {
  return isRecord(value) ? value : null;
}

function idOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= ID_LENGTH_MAX ? value : null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, TEXT_LENGTH_MAX) : null;
}

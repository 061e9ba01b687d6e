import { storableJson, storableText } from '@tidemark/core/json';
import type { GoneSessionFile, SessionFileChunk, SessionLine } from '@tidemark/core/records';
import type postgres from 'postgres';

/** What became of a session in a page. */
export interface SessionOutcome {
  id: string;
  outcome: 'inserted' | 'updated' | 'skipped' | 'deleted';
  /** Messages. */
  inserted: number;
  updated: number;
  deleted: number;
}

export interface SessionFilesWritten {
  counts: Record<string, { read: number; inserted: number; updated: number; deleted: number }>;
  sessions: SessionOutcome[];
}

/**
 * Writes chunks of session files, and the messages and sessions that follow from them, inside the caller's transaction.
 * Locks the files, in the order of their paths; the lease of the connection keeps other writers away.
 */
export async function writeSessionFiles(
  tx: postgres.TransactionSql,
  connectionId: string,
  group: { rows: readonly SessionFileChunk[]; gone: readonly GoneSessionFile[] },
): Promise<SessionFilesWritten> {
  if (group.gone.length > 0) {
    const paths = group.gone.map(({ path }) => path);
    await tx`SELECT tidemark_lose_session_files(${connectionId}, ${paths}::text[])`;
  }
  if (group.rows.length === 0) return { counts: {}, sessions: [] };
  const { chunks, lines } = sessionFilesInput(group.rows);
  const [row] = await tx<{ written: SessionFilesWritten }[]>`
    SELECT tidemark_write_session_files(${connectionId}, ${chunks}::text::jsonb, ${lines}::text::json) AS written`;
  if (row === undefined) throw new Error('tidemark_write_session_files returned no row.');
  return row.written;
}

/** The chunks as `tidemark_write_session_files` reads them. */
export function sessionFilesInput(rows: readonly SessionFileChunk[]): { chunks: string; lines: string } {
  const lines = rows.flatMap((chunk, n) => chunk.lines.map((line) => lineInput(n, line)));
  return { chunks: JSON.stringify(rows.map(chunkInput)), lines: `[${lines.join(',')}]` };
}

function chunkInput(chunk: SessionFileChunk, n: number) {
  return {
    n,
    path: chunk.path,
    session_id: clean(chunk.sessionId),
    agent_id: clean(chunk.agentId),
    project: chunk.project,
    size: chunk.size,
    modified_at: chunk.modifiedAt,
    from_byte: chunk.fromByte,
    to_byte: chunk.toByte,
    at_end: chunk.atEnd,
  };
}

/** The names are short because there is one of each for every line. */
function lineInput(n: number, line: SessionLine): string {
  const { message } = line;
  const usage = message?.usage ?? null;
  const { payload, original } = payloadOf(line.raw);
  const fields = {
    n,
    o: line.offset,
    b: line.bytes,
    l: line.lineNumber,
    t: clean(line.type),
    u: clean(line.uuid),
    p: clean(line.parentUuid),
    s: clean(line.sessionId),
    a: clean(line.agentId),
    sc: line.isSidechain,
    at: line.at,
    cwd: clean(line.cwd),
    br: clean(line.gitBranch),
    v: clean(line.programVersion),
    ti: clean(line.title?.text),
    tr: line.title?.rank,
    k: clean(message?.key),
    m: clean(message?.messageId),
    r: clean(message?.requestId),
    ro: clean(message?.role),
    mo: clean(message?.model),
    st: clean(message?.stopReason),
    ti_: usage?.input,
    to_: usage?.output,
    cc: usage?.cacheCreation,
    cr: usage?.cacheRead,
    po: original,
    h: line.contentHash,
  };
  return `${JSON.stringify(fields).slice(0, -1)},"payload":${payload}}`;
}

function clean(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : storableText(text).text;
}

/** Escapes and numbers that PostgreSQL refuses: U+0000, surrogates, which may be lone, and more digits than it counts. */
const DOUBTFUL = /\\u0000|\\u[dD][89a-fA-F]|[eE][+-]?\d{3}|\d{100}/;

/** The JSON text as it stands in the file wherever it can be stored: so every digit of every number is kept. */
function payloadOf(raw: string): { payload: string; original: string | null } {
  if (!DOUBTFUL.test(raw)) return { payload: raw, original: null };
  const value: unknown = JSON.parse(raw);
  const { value: storable, original } = storableJson(value);
  const payload = JSON.stringify(storable);
  const isSame = original === null && !HUGE_NUMBER.test(raw);
  return isSame ? { payload: raw, original: null } : { payload, original: raw };
}

const HUGE_NUMBER = /[eE][+-]?\d{3}|\d{100}/;

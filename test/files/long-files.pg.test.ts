import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SessionFileChunk } from '@tidemark/core/records';
import { parseLine } from '../../packages/connectors/src/claude-code/parse-line.ts';
import { writeSessionFiles } from '../../packages/db/src/ops/write-session-files.ts';
import { openSessionStore } from '../support/files/open-session-store.ts';
import { answerLine, lines, someLines } from '../support/files/session-lines.ts';
import type { SessionStore } from '../support/files/session-store.ts';
import { createTempDirectory } from '../support/temp-directory.ts';

let store: SessionStore;
beforeAll(async () => {
  store = await openSessionStore();
});
afterAll(() => store.close());

/** So many that the planner would rather read all of them than look some up, if it had the choice. */
const LINES = 60_000;

/** A file that was read to its end, with so many lines before its first byte: they are stored without being written. */
async function longFile() {
  const root = await createTempDirectory('long');
  const file = path.join(root, 'p', 's1.jsonl');
  await mkdir(path.dirname(file));
  const text = lines(...someLines(4));
  await writeFile(file, text);
  const connectionId = await store.connect(root);
  await store.sync(connectionId);
  await store.db.sql`
    INSERT INTO claude_lines (file_id, byte_offset, byte_length, line_number, connection_id, type, session_id, is_sidechain,
                              payload, content_hash)
    SELECT file_id, -n, 1, 0, connection_id, 'filler', session_id, false, '{}', 'h' || n
    FROM (SELECT * FROM claude_lines WHERE connection_id = ${connectionId} LIMIT 1) l, generate_series(1, ${LINES}) n`;
  await store.db.sql`ANALYZE claude_lines`;
  return { connectionId, file, end: Buffer.byteLength(text) };
}

test('a page of a long file costs as much as one of a short file: no stored line is read but those it replaces', async () => {
  const { connectionId, file, end } = await longFile();
  const raw = answerLine('new', { id: 'msg_new' });
  const object = { value: JSON.parse(raw), raw, at: end, bytes: raw.length, lineNumber: 5 };
  const chunk: SessionFileChunk = {
    path: file,
    sessionId: 's1',
    agentId: null,
    project: 'p',
    size: end + raw.length + 1,
    modifiedAt: '2026-03-01T10:00:00.000Z',
    fromByte: end,
    toByte: end + raw.length + 1,
    atEnd: true,
    lines: [parseLine(object, { sessionId: 's1', agentId: null })],
  };
  const { sessions, read } = await store.db.sql.begin(async (tx) => {
    const written = await writeSessionFiles(tx, connectionId, { rows: [chunk], gone: [] });
    const [counted] = await tx<{ read: number }[]>`
      SELECT (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int AS read
      FROM pg_stat_xact_user_tables WHERE relname = 'claude_lines'`;
    return { ...written, read: counted?.read ?? Number.NaN };
  });
  expect(sessions).toEqual([{ id: 's1', outcome: 'updated', inserted: 1, updated: 0, deleted: 0 }]);
  expect(read).toBeLessThan(20);
});

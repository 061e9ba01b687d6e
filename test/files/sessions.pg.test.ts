import { appendFile, mkdir, mkdtemp, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listDecisions } from '@tidemark/db';
import { openSessionStore } from '../support/files/open-session-store.ts';
import { answerLine, lines, someLines, toolLine, userLine } from '../support/files/session-lines.ts';
import type { SessionStore } from '../support/files/session-store.ts';
import { createTempDirectory } from '../support/temp-directory.ts';

let store: SessionStore;
let home: string;
beforeAll(async () => {
  store = await openSessionStore();
  home = await createTempDirectory('sessions');
});
afterAll(() => store.close());

/** A tree of session files, by path below the root, connected and not yet synced. */
async function tree(files: Record<string, string>): Promise<{ root: string; id: string }> {
  const root = await mkdtemp(path.join(home, 'tree-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  }
  return { root, id: await store.connect(root) };
}

const tokensByDay = (id: string) => store.db.sql`
  SELECT day, sum(input_tokens)::int AS input, sum(output_tokens)::int AS output,
         sum(cache_creation_tokens)::int AS created, sum(cache_read_tokens)::int AS read
  FROM claude_tokens_by_day WHERE connection_id = ${id} GROUP BY day ORDER BY day`;

const day = (number: number) => ({ timestamp: `2026-03-0${number}T10:00:00.000Z` });

describe('tokens', () => {
  // The figures are those ccusage 20.0.24 gives for the same files (`ccusage claude daily --json --offline`).
  test('are counted once: the largest copy of a response, over steps, resumed sessions and sidechains', async () => {
    const { id } = await tree({
      'p/s1.jsonl': lines(
        answerLine('a1', { id: 'm1', requestId: 'r1', tokens: [10, 1, 5, 7] }, day(1)),
        answerLine('a2', { id: 'm1', requestId: 'r1', tokens: [10, 900, 5, 7] }, day(1)),
        answerLine('a3', { id: 'm2', requestId: 'r2', tokens: [3, 4, 0, 0] }, day(2)),
        answerLine('a4', { id: 'm5', requestId: 'r5', tokens: [2, 2, 2, 2] }, day(2)),
        answerLine('a5', { id: 'm5', requestId: 'r6', tokens: [1, 1, 1, 1] }, day(2)),
      ),
      'p/s2.jsonl': lines(
        answerLine(
          'a1',
          { id: 'm1', requestId: 'r1', tokens: [10, 900, 5, 7] },
          { sessionId: 's2', ...day(1) },
        ),
      ),
      'p/s1/subagents/agent-x.jsonl': lines(
        answerLine(
          'x1',
          { id: 'm2', requestId: 'r9', tokens: [3, 5_000, 0, 0] },
          { isSidechain: true, agentId: 'x', ...day(3) },
        ),
        answerLine(
          'x2',
          { id: 'm3', requestId: 'r3', tokens: [1, 1, 0, 0] },
          { isSidechain: true, agentId: 'x', ...day(3) },
        ),
        answerLine(
          'x3',
          { id: 'm3', requestId: 'r3', tokens: [1, 80, 0, 0] },
          { isSidechain: true, agentId: 'x', ...day(3) },
        ),
      ),
    });
    await store.sync(id);
    expect([...(await tokensByDay(id))]).toEqual([
      { day: '2026-03-01', input: 10, output: 900, created: 5, read: 7 },
      { day: '2026-03-02', input: 6, output: 7, created: 3, read: 3 },
      { day: '2026-03-03', input: 1, output: 80, created: 0, read: 0 },
    ]);
    expect(await store.inconsistentSessions()).toEqual([]);
  });

  test('where they differ from ccusage: blanks before the usage, missing requests, and repeated rows count once here', async () => {
    const spaced = answerLine('b1', { id: 'm1', tokens: [7, 0, 0, 0] }, day(1)).replace(
      '"usage":{',
      '"usage": {',
    );
    const uuid = '11111111-2222-4333-8444-555555555555';
    const withoutId = answerLine(uuid, { tokens: [5, 0, 0, 0] }, day(3)).replace(`"id":"msg_${uuid}",`, '');
    const { id } = await tree({
      'p/s1.jsonl': lines(
        // Passed over by ccusage, which looks for the field without a blank.
        spaced,
        // Two for ccusage: with a request and without one.
        answerLine('b2', { id: 'm2', requestId: 'r2', tokens: [3, 0, 0, 0] }, day(2)),
        answerLine('b3', { id: 'm2', tokens: [3, 0, 0, 0] }, { ...day(2), requestId: undefined }),
        // Two for ccusage: the row stands there twice, and its response has no id.
        withoutId,
        withoutId,
        // Passed over by ccusage: a version that is none, and a null where it expects a text.
        answerLine('b4', { id: 'm4', tokens: [11, 0, 0, 0] }, { ...day(4), version: 'test' }),
        answerLine('b5', { id: 'm5', tokens: [13, 0, 0, 0] }, { ...day(5), requestId: null }),
      ),
    });
    await store.sync(id);
    expect((await tokensByDay(id)).map((row) => row.input)).toEqual([7, 3, 5, 11, 13]);
  });

  test('are of a day in UTC, or in the time zone that is asked for', async () => {
    const at = { timestamp: '2026-03-01T23:30:00.000Z' };
    const { id } = await tree({ 'p/s1.jsonl': lines(answerLine('c1', {}, at)) });
    await store.sync(id);
    const [utc] = await store.db.sql`SELECT day FROM claude_tokens_by_day WHERE connection_id = ${id}`;
    const [berlin] = await store.db
      .sql`SELECT day FROM claude_tokens_by_day_in('Europe/Berlin') WHERE connection_id = ${id}`;
    expect([utc, berlin]).toEqual([{ day: '2026-03-01' }, { day: '2026-03-02' }]);
  });
});

test('sessions, subagents, tools, titles and unknown lines', async () => {
  const { id } = await tree({
    '-srv-ada-shop/s1.jsonl': lines(
      '{"type":"summary","summary":"made up","leafUuid":"u1"}',
      userLine('u1', 'hello'),
      answerLine('a1', { id: 'm1', tokens: [1, 1, 0, 0] }, { parentUuid: 'u1' }),
      toolLine('a2', 'Read', { id: 'm1', tokens: [1, 9, 0, 0] }, { parentUuid: 'a1' }),
      '{"type":"custom-title","customTitle":"chosen","sessionId":"s1"}',
      '{"type":"of-tomorrow","what":[1,12345678901234567890]}',
    ),
    '-srv-ada-shop/s1/subagents/deep/agent-x.jsonl': lines(
      userLine('x1', 'sub', { isSidechain: true, agentId: 'x' }),
    ),
  });
  await store.sync(id);
  const { sql } = store.db;
  const [session, ...others] = await sql`
    SELECT external_id, project, project_path, title, message_count, models FROM claude_sessions WHERE connection_id = ${id}`;
  expect([session, others]).toEqual([
    {
      ...{ external_id: 's1', project: '-srv-ada-shop', project_path: '/srv/ada/shop', title: 'chosen' },
      ...{ message_count: 3, models: ['claude-opus-4-6'] },
    },
    [],
  ]);
  const [message] = await sql`
    SELECT text, tool_uses, output_tokens::int, line_count, parent_uuid FROM claude_messages WHERE connection_id = ${id} AND external_id = 'm1'`;
  expect(message).toEqual({
    ...{ text: 'answer a1', tool_uses: [{ id: 'toolu_a2', name: 'Read' }] },
    ...{ output_tokens: 9, line_count: 2, parent_uuid: 'u1' },
  });
  const unknown =
    await sql`SELECT payload ->> 'what' AS what FROM claude_lines WHERE connection_id = ${id} AND type = 'of-tomorrow'`;
  expect([...unknown]).toEqual([{ what: '[1, 12345678901234567890]' }]);
});

test('messages come out the same in whatever order files are read, and however often', async () => {
  const files = {
    'a.jsonl': lines(
      answerLine('a1', { id: 'm1', tokens: [1, 1, 0, 0] }),
      userLine('u1', 'one', { sessionId: 's9' }),
    ),
    'b.jsonl': lines(
      answerLine('b1', { id: 'm1', tokens: [1, 5, 0, 0] }, { sessionId: 's2' }),
      userLine('u2', 'two'),
    ),
    'c.jsonl': lines(
      answerLine('c1', { id: 'm1', requestId: 'r0', tokens: [9, 9, 9, 9] }, { isSidechain: true }),
    ),
  };
  const all = await tree(files);
  await store.sync(all.id);
  const oneByOne = await tree({});
  for (const name of ['c.jsonl', 'b.jsonl', 'a.jsonl']) {
    await writeFile(path.join(oneByOne.root, name), files[name as keyof typeof files]);
    await store.sync(oneByOne.id, { mode: 'full' });
  }
  const pictures = await Promise.all(
    [all, oneByOne].map(async ({ id, root }) =>
      JSON.stringify(await store.stored(id, root)).replaceAll(path.basename(root), ''),
    ),
  );
  expect(pictures[0]).toBe(pictures[1]);
});

test('unchanged rows are not rewritten, unchanged files not opened, and touched ones change nothing', async () => {
  const { id, root } = await tree({ 'p/s1.jsonl': lines(...someLines(9)) });
  await store.sync(id);
  const rows = () => store.db.sql`
    SELECT xmin::text FROM claude_messages WHERE connection_id = ${id} UNION ALL
    SELECT xmin::text FROM claude_sessions WHERE connection_id = ${id} UNION ALL
    SELECT xmin::text FROM claude_lines WHERE connection_id = ${id}`;
  const before = await rows();
  expect((await store.sync(id)).counts).toEqual({});
  await utimes(path.join(root, 'p/s1.jsonl'), 1, 1);
  expect((await store.sync(id)).counts).toMatchObject({ 'files skipped': 1, 'messages skipped': 9 });
  // Other content under the same size and time: whoever opened the file would see it.
  const file = path.join(root, 'p/s1.jsonl');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replaceAll('question', 'QUESTION'));
  await utimes(file, 1, 1);
  expect((await store.sync(id)).counts).toEqual({});
  await writeFile(file, text);
  await utimes(file, 1, 1);
  await store.sync(id, { mode: 'full' });
  expect([...(await rows())]).toEqual([...before]);
});

test('a file that takes many pages is counted once, as what became of it on any of them', async () => {
  const { id, root } = await tree({
    'p/s1.jsonl': lines(...someLines(30)),
    'p/s2.jsonl': lines(...someLines(1, 'k')),
  });
  const limits = { pageBytes: 1_000 };
  const filesOf = ({ counts }: { counts: Record<string, number> }) =>
    Object.entries(counts).filter(([name]) => name.startsWith('files '));
  const first = await store.sync(id, { limits });
  expect(first.pages).toBeGreaterThan(5);
  expect(filesOf(first)).toEqual([['files inserted', 2]]);
  const file = path.join(root, 'p/s1.jsonl');
  // Only the first of its pages holds something new.
  await writeFile(file, (await readFile(file, 'utf8')).replace('question l0', 'QUESTION l0'));
  const again = await store.sync(id, { limits, mode: 'full' });
  expect(filesOf(again)).toEqual([
    ['files skipped', 1],
    ['files updated', 1],
  ]);
  const [row] = await store.db.sql`SELECT files_processed FROM sync_metadata WHERE files_processed IS NOT NULL
    ORDER BY updated_at DESC LIMIT 1`;
  expect(row).toEqual({ files_processed: 2 });
});

test('a sync reads what it was asked for, and tells why it left out the rest', async () => {
  const { id, root } = await tree({
    'p/s1.jsonl': lines(userLine('u1', 'one')),
    'p/s2.jsonl': lines(userLine('u2', 'two', { sessionId: 's2' })),
  });
  const decisions = async (syncId: string) => {
    const { rows } = await listDecisions(store.db, { syncId, limit: 50, after: null, decision: null });
    return rows.map(({ subject, decision, reason }) => `${subject} ${decision}: ${reason}`);
  };
  const first = await store.sync(id, { options: { maxFiles: 1 } });
  expect(await decisions(first.syncId)).toEqual([
    's1 insert: it was not stored yet',
    's2 skip: the files that may be read at once were read; the next sync goes on',
  ]);
  await appendFile(path.join(root, 'p/s1.jsonl'), lines(userLine('u3', 'three')));
  const second = await store.sync(id, { options: { skipExisting: true } });
  expect(await decisions(second.syncId)).toEqual([
    's1 skip: it is stored already, and only new files were asked for',
    's2 insert: it was not stored yet',
  ]);
  const third = await store.sync(id);
  expect(await decisions(third.syncId)).toEqual([
    's1 update: its content changed',
    's2 skip: none of its files changed',
  ]);
});

test('links are followed once, and not in circles', async () => {
  const { id, root } = await tree({ 'p/s1.jsonl': lines(userLine('u1', 'one')) });
  const outside = await tree({ 'q/s2.jsonl': lines(userLine('u2', 'two')) });
  await symlink(root, path.join(root, 'p', 'loop'));
  await symlink(outside.root, path.join(root, 'elsewhere'));
  await symlink(outside.root, path.join(outside.root, 'q', 'again'));
  await symlink(path.join(root, 'nowhere'), path.join(root, 'broken.jsonl'));
  expect((await store.sync(id)).counts).toMatchObject({ 'files inserted': 2, 'messages inserted': 2 });
});

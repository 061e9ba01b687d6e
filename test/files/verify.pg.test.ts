import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listResults } from '@tidemark/db';
import fc from 'fast-check';
import { openSessionStore } from '../support/files/open-session-store.ts';
import { answerLine, lines, userLine } from '../support/files/session-lines.ts';
import type { SessionStore } from '../support/files/session-store.ts';
import { SEEDED } from '../support/property-seed.ts';
import { createTempDirectory } from '../support/temp-directory.ts';

/** Small, so that messages and sessions are spread over pages. */
const LIMITS = { pageBytes: 500, pageFiles: 2 };

fc.configureGlobal(SEEDED);
let store: SessionStore;
beforeAll(async () => {
  store = await openSessionStore();
});
afterAll(() => store.close());

interface Folder {
  root: string;
  files: readonly string[];
  connectionId: string;
}

/** Two sessions, each with a response of many steps; the second file also holds a copy of one of the first's. */
async function newFolder(): Promise<Folder> {
  const root = await createTempDirectory('sessions');
  const folder = path.join(root, '-srv-ada-shop');
  await mkdir(folder);
  const files = ['s1', 's2'].map((name) => path.join(folder, `${name}.jsonl`));
  for (const [index, file] of files.entries()) {
    const of = { sessionId: `s${index + 1}` };
    const steps = Array.from({ length: 6 }, (_, step) =>
      answerLine(`${of.sessionId}-${step}`, { id: `msg_${of.sessionId}`, tokens: [1, step, 0, 0] }, of),
    );
    const title = JSON.stringify({ type: 'custom-title', customTitle: 'chosen', ...of });
    const copy = answerLine('s1-0', { id: 'msg_s1', tokens: [1, 0, 0, 0] }, { sessionId: 's1' });
    await writeFile(
      file,
      lines(userLine(`u-${of.sessionId}`, 'go', of), ...steps, title, ...(index === 1 ? [copy] : [])),
    );
  }
  const connectionId = await store.connect(root);
  await store.sync(connectionId, { limits: LIMITS });
  return { root, files, connectionId };
}

interface Findings {
  [stream: string]: { missing: number; differing: number; extra: number | null };
}

async function verify({ connectionId }: Folder, repair = false): Promise<Findings> {
  const ask = { limits: LIMITS, mode: 'full', purpose: 'verify', dryRun: !repair } as const;
  const { syncId } = await store.sync(connectionId, ask);
  const results = await listResults(store.db, syncId, { withContents: true });
  return Object.fromEntries(
    results.map(({ stream, findings }) => {
      if (findings === null) throw new Error(`the results of ${stream} have no findings`);
      const { missing, differing, extra } = findings;
      return [stream, { missing: missing.count, differing: differing.count, extra: extra?.count ?? null }];
    }),
  );
}

const NONE = { missing: 0, differing: 0, extra: 0 };
const CLEAN = { files: NONE, sessions: NONE, messages: NONE, lines: NONE };

async function storedAnew({ root }: Folder): Promise<unknown> {
  const anew = await store.connect(root);
  await store.sync(anew, { limits: LIMITS });
  return store.stored(anew, root);
}

/** What people do to rows, by what it is; `:c` is the connection. */
const TAMPERINGS: Readonly<Record<string, [sql: string, found: Partial<Findings>]>> = {
  'the words of a message': [
    `UPDATE claude_messages SET text = 'other' WHERE connection_id = $1 AND external_id = 'msg_s1'`,
    { messages: { ...NONE, differing: 1 } },
  ],
  'the tokens of a message': [
    `UPDATE claude_messages SET output_tokens = 999 WHERE connection_id = $1 AND external_id = 'msg_s1'`,
    { messages: { ...NONE, differing: 1 } },
  ],
  'a message is gone': [
    `DELETE FROM claude_messages WHERE connection_id = $1 AND external_id = 'msg_s1'`,
    { messages: { ...NONE, missing: 1 } },
  ],
  'a message of no line': [
    `INSERT INTO claude_messages (connection_id, external_id, message_key, session_id, is_sidechain, role, line_count,
                                  content_hash)
     VALUES ($1, 'made up', 'made up', 's1', false, 'user', 1, 'x')`,
    { messages: { ...NONE, extra: 1 } },
  ],
  'a second message of the same lines': [
    `INSERT INTO claude_messages (connection_id, external_id, message_key, session_id, is_sidechain, role, line_count,
                                  content_hash)
     VALUES ($1, 'made up too', 'msg_s1', 's1', false, 'user', 1, 'x')`,
    { messages: { ...NONE, extra: 1 } },
  ],
  'the title of a session': [
    `UPDATE claude_sessions SET title = 'other' WHERE connection_id = $1 AND external_id = 's1'`,
    { sessions: { ...NONE, differing: 1 } },
  ],
  'the figures of a session': [
    `UPDATE claude_sessions SET message_count = 7, input_tokens = 9 WHERE connection_id = $1 AND external_id = 's2'`,
    { sessions: { ...NONE, differing: 1 } },
  ],
  'a session is gone': [
    `DELETE FROM claude_sessions WHERE connection_id = $1 AND external_id = 's2'`,
    { sessions: { ...NONE, missing: 1 } },
  ],
  'a session of no line': [
    `INSERT INTO claude_sessions (connection_id, external_id, content_hash) VALUES ($1, 'made up', 'x')`,
    { sessions: { ...NONE, extra: 1 } },
  ],
  'what a line says': [
    `UPDATE claude_lines SET output_tokens = 77 WHERE connection_id = $1 AND uuid = 's1-5'`,
    {},
  ],
  'a line is gone': [`DELETE FROM claude_lines WHERE connection_id = $1 AND uuid = 's1-5'`, {}],
};

const tamper = ({ connectionId }: Folder, name: string) =>
  store.db.sql.unsafe(TAMPERINGS[name]?.[0] ?? '', [connectionId]);

describe('E26 session files are verified', () => {
  test('nothing is found where nothing is wrong, and nothing is written', async () => {
    const folder = await newFolder();
    const before = await store.untouchables();
    expect(await verify(folder)).toEqual(CLEAN);
    expect(await store.untouchables()).toEqual(before);
    expect(await verify(folder, true)).toEqual(CLEAN);
    expect(await store.db.sql`SELECT 1 FROM walk_rows`).toHaveLength(0);
  });

  test.each(Object.keys(TAMPERINGS))('%s: found, and repaired', async (name) => {
    const folder = await newFolder();
    await tamper(folder, name);
    const before = await store.untouchables();
    const found = await verify(folder);
    expect(found).not.toEqual(CLEAN);
    expect(found).toMatchObject(TAMPERINGS[name]?.[1] ?? {});
    expect(await store.untouchables()).toEqual(before);
    expect(await verify(folder, true)).toEqual(found);
    expect(await verify(folder)).toEqual(CLEAN);
    expect(await store.stored(folder.connectionId, folder.root)).toEqual(await storedAnew(folder));
    expect(await store.inconsistentSessions()).toEqual([]);
  });

  test('what the files gained and lost since they were read is missing and extra', async () => {
    const folder = await newFolder();
    const [one = '', two = ''] = folder.files;
    await appendFile(one, lines(answerLine('new', { id: 'msg_new' }, { sessionId: 's1' })));
    const text = await readFile(two, 'utf8');
    await writeFile(two, text.replace(/^.*"u-s2".*\n/, ''));
    const found = await verify(folder);
    expect(found).toMatchObject({
      files: { ...NONE, differing: 2 },
      messages: { missing: 1, differing: 0, extra: 1 },
      sessions: { ...NONE, differing: 2 },
    });
    expect(await verify(folder, true)).toEqual(found);
    expect(await verify(folder)).toEqual(CLEAN);
    expect(await store.stored(folder.connectionId, folder.root)).toEqual(await storedAnew(folder));
  });

  test('whatever was done, a repair makes it what a reading anew makes it, and then nothing is found', async () => {
    const some = fc.uniqueArray(fc.constantFrom(...Object.keys(TAMPERINGS)), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(some, async (names) => {
        const folder = await newFolder();
        for (const name of names) await tamper(folder, name);
        const before = await store.untouchables();
        const found = await verify(folder);
        expect(await store.untouchables()).toEqual(before);
        expect(await verify(folder, true)).toEqual(found);
        expect(await verify(folder)).toEqual(CLEAN);
        expect(await store.stored(folder.connectionId, folder.root)).toEqual(await storedAnew(folder));
        expect(await store.inconsistentSessions()).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });
});

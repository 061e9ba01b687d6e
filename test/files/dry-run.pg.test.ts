import { appendFile, mkdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listDecisions, listResults } from '@tidemark/db';
import fc from 'fast-check';
import { openSessionStore } from '../support/files/open-session-store.ts';
import { answerLine, lines, someLines, userLine } from '../support/files/session-lines.ts';
import type { SessionStore } from '../support/files/session-store.ts';
import { createTempDirectory } from '../support/temp-directory.ts';

/** Small, so that messages and sessions are spread over pages. */
const LIMITS = { pageBytes: 500, pageFiles: 2 };

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

async function newFolder(): Promise<Folder> {
  const root = await createTempDirectory('sessions');
  const folder = path.join(root, '-srv-ada-shop');
  await mkdir(folder);
  const files = ['a.jsonl', 'b.jsonl'].map((name) => path.join(folder, name));
  for (const file of files) await writeFile(file, '');
  return { root, files, connectionId: await store.connect(root) };
}

/** What a sync came to, with each decision. */
async function outcomeOf({ connectionId }: Folder, dryRun: boolean, mode: 'incremental' | 'full') {
  const { syncId, counts, pages } = await store.sync(connectionId, { limits: LIMITS, dryRun, mode });
  const decisions = await listDecisions(store.db, { syncId, limit: 100, after: null, decision: null });
  return { syncId, compared: { counts, pages, decisions } };
}

/** A dry run counts and decides what the sync after it does, and leaves everything alone; returns the dry run. */
async function expectForetold(folder: Folder, mode: 'incremental' | 'full' = 'incremental'): Promise<string> {
  const before = await store.untouchables();
  const dry = await outcomeOf(folder, true, mode);
  expect(await store.untouchables()).toEqual(before);
  expect(await store.db.sql`SELECT 1 FROM walk_rows`).toHaveLength(0);
  const real = await outcomeOf(folder, false, mode);
  expect(dry.compared).toEqual(real.compared);
  return dry.syncId;
}

describe('E13 a dry run of session files', () => {
  test('counts a response whose steps are on several pages once, and a session once as new', async () => {
    const folder = await newFolder();
    const [one = ''] = folder.files;
    const steps = Array.from({ length: 12 }, (_, index) =>
      answerLine(`s${index}`, { id: 'msg_long', tokens: [1, index, 0, 0] }),
    );
    await writeFile(one, lines(userLine('u', 'go'), ...steps, userLine('v', 'thanks')));
    const { pages } = (await outcomeOf(folder, true, 'incremental')).compared;
    expect(pages).toBeGreaterThan(3);
    const syncId = await expectForetold(folder);
    const results = await listResults(store.db, syncId, { withContents: true });
    const messages = results.find(({ stream }) => stream === 'messages');
    expect(messages?.records.inserted).toBe(3);
    expect(messages?.samples?.inserted).toContainEqual(
      expect.objectContaining({ key: { sessionId: 's1', messageId: 'msg_long' } }),
    );
    const sessions = results.find(({ stream }) => stream === 'sessions');
    expect(sessions?.samples?.inserted).toEqual([
      {
        key: { sessionId: 's1' },
        changes: expect.arrayContaining([expect.objectContaining({ field: 'project' })]),
      },
    ]);
    expect(JSON.stringify(results)).not.toContain('thanks');
  });

  test('stopped within a file, leaves what comes next as it was', async () => {
    const folder = await newFolder();
    const [one = ''] = folder.files;
    await writeFile(one, lines(...someLines(20)));
    const { syncId } = await store.sync(folder.connectionId, { limits: LIMITS, dryRun: true, pagesMax: 2 });
    expect((await store.db.sql`SELECT 1 FROM walk_rows WHERE sync_id = ${syncId}`).length).toBeGreaterThan(0);
    await store.abandon(syncId);
    await expectForetold(folder);
  });

  test('counts what the sync after it counts, whatever was done to the files', async () => {
    const piece = fc.constantFrom(
      `${userLine('p1', 'one')}\n`,
      `${userLine('p1', 'one, told otherwise', { timestamp: '2026-02-01T00:00:00.000Z' })}\n`,
      `${answerLine('p2', { id: 'msg_p', tokens: [5, 1, 0, 0] })}\n`,
      `${answerLine('p3', { id: 'msg_p', tokens: [5, 70, 0, 0], model: 'other' }, { sessionId: 's2' })}\n`,
      `${answerLine('p4', { id: 'msg_p', tokens: [5, 2, 0, 0] }, { isSidechain: true, sessionId: 's3' })}\n`,
      `${answerLine('p5', { id: 'msg_p', requestId: 'req_other', tokens: [1, 1, 1, 1] })}\n`,
      '{"type":"summary","summary":"A title","leafUuid":"p1"}\n',
      '{"type":"custom-title","customTitle":"Mine","sessionId":"s2"}\n',
      'rubbish }\n',
    );
    const change = fc.record({
      do: fc.constantFrom('append' as const, 'append' as const, 'cut' as const, 'replace' as const),
      file: fc.nat(1),
      pieces: fc.array(piece, { minLength: 1, maxLength: 6 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const round = fc.record({
      changes: fc.array(change, { minLength: 1, maxLength: 3 }),
      mode: fc.constantFrom('incremental' as const, 'incremental' as const, 'full' as const),
    });
    const property = fc.asyncProperty(fc.array(round, { minLength: 2, maxLength: 4 }), async (rounds) => {
      const folder = await newFolder();
      for (const { changes, mode } of rounds) {
        for (const one of changes) {
          const file = folder.files[one.file] ?? '';
          const text = one.pieces.join('');
          if (one.do === 'append') await appendFile(file, text);
          if (one.do === 'cut') await truncate(file, Math.floor((await readFile(file)).length * one.share));
          if (one.do === 'replace') {
            await writeFile(`${file}.new`, text);
            await rename(`${file}.new`, file);
          }
        }
        await expectForetold(folder, mode);
      }
      await rm(folder.root, { recursive: true });
      expect(await store.inconsistentSessions()).toEqual([]);
      await store.db.sql`DELETE FROM connections WHERE id = ${folder.connectionId}`;
    });
    await fc.assert(property, { numRuns: 8 });
  });
});

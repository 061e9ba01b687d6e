import { appendFile, mkdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openSessionStore } from '../support/files/open-session-store.ts';
import { answerLine, lines, someLines, userLine } from '../support/files/session-lines.ts';
import type { SessionStore } from '../support/files/session-store.ts';
import { createTempDirectory } from '../support/temp-directory.ts';

/** Small, so that every file is several pages, and some lines are too long. */
const LIMITS = { pageBytes: 600, lineBytes: 1_500, pageFiles: 3 };

let store: SessionStore;
beforeAll(async () => {
  store = await openSessionStore();
});
afterAll(() => store.close());

interface Folder {
  root: string;
  file: string;
  connectionId: string;
  sync(): Promise<unknown>;
}

async function newFolder(): Promise<Folder> {
  const root = await createTempDirectory('sessions');
  const file = path.join(root, '-srv-ada-shop', 's1.jsonl');
  await mkdir(path.dirname(file));
  const connectionId = await store.connect(root);
  return { root, file, connectionId, sync: () => store.sync(connectionId, { limits: LIMITS }) };
}

/** What is stored of the folder is what somebody stores who reads it now for the first time. */
async function expectAsReadAnew({ root, connectionId }: Folder): Promise<void> {
  const anew = await store.connect(root);
  await store.sync(anew, { limits: LIMITS });
  expect(await store.stored(connectionId, root)).toEqual(await store.stored(anew, root));
  expect(await store.inconsistentSessions()).toEqual([]);
}

const TEXT = lines(
  userLine('u1', 'hello — ü 🙂'),
  answerLine('a1', { id: 'msg_1', tokens: [1, 1, 0, 0] }),
  answerLine('a2', { id: 'msg_1', tokens: [1, 90, 0, 0] }),
  userLine('u2', 'and?'),
);

describe('what is stored equals a plain re-read', () => {
  test('when the writer is stopped at each byte of a line, and goes on', async () => {
    const folder = await newFolder();
    const line = (uuid: string, text: string) =>
      JSON.stringify({ type: 'user', uuid, message: { content: text } });
    const bytes = Buffer.from(`${line('u1', 'ü🙂"}\\')}\n${line('u2', 'x')}`);
    await writeFile(folder.file, '');
    for (let at = 0; at < bytes.length; at += 1) {
      await appendFile(folder.file, bytes.subarray(at, at + 1));
      await folder.sync();
    }
    await expectAsReadAnew(folder);
    const [row] = await store.db
      .sql`SELECT count(*)::int AS n FROM claude_messages WHERE connection_id = ${folder.connectionId}`;
    expect(row).toEqual({ n: 2 });
    const [kept] = await store.db
      .sql`SELECT count(*)::int AS n FROM quarantine WHERE connection_id = ${folder.connectionId}`;
    expect(kept).toEqual({ n: 0 });
  });

  test('when a writer dies within a line and another goes on behind it', async () => {
    const folder = await newFolder();
    await writeFile(folder.file, `${TEXT}${userLine('u3', 'torn').slice(0, 40)}`);
    await folder.sync();
    await appendFile(
      folder.file,
      `${userLine('u4', 'lost with the torn one')}\n${userLine('u5', 'whole')}\n`,
    );
    await folder.sync();
    await expectAsReadAnew(folder);
  });

  test('when two writers write several objects on one line, and NULs, and carriage returns', async () => {
    const folder = await newFolder();
    await writeFile(folder.file, `\uFEFF${userLine('u1', 'one')}${userLine('u2', 'two')}`);
    await folder.sync();
    await appendFile(
      folder.file,
      `\0\0\0\0${userLine('u3', 'three')}\r\n\r\n  ${userLine('u4', 'four')}{"type":`,
    );
    await folder.sync();
    await appendFile(folder.file, `\n${userLine('u5', 'five')}`);
    await folder.sync();
    await expectAsReadAnew(folder);
  });

  test('when the file is truncated, emptied, replaced, written over and rotated', async () => {
    const folder = await newFolder();
    await writeFile(folder.file, TEXT);
    await folder.sync();
    await truncate(folder.file, TEXT.indexOf('\n') + 30);
    await folder.sync();
    await expectAsReadAnew(folder);

    await truncate(folder.file, 0);
    await folder.sync();
    await expectAsReadAnew(folder);

    await writeFile(folder.file, lines(...someLines(6, 'w')));
    await folder.sync();
    await expectAsReadAnew(folder);

    await writeFile(`${folder.file}.new`, `${TEXT}${lines(userLine('u9', 'more'))}`);
    await rename(`${folder.file}.new`, folder.file);
    await folder.sync();
    await expectAsReadAnew(folder);

    // Longer than what was read, and nothing in common with it: by another file, and in the same one.
    await writeFile(`${folder.file}.new`, lines(...someLines(14, 'r')));
    await rename(`${folder.file}.new`, folder.file);
    await folder.sync();
    await expectAsReadAnew(folder);
    await writeFile(folder.file, lines(...someLines(20, 'in place')));
    await folder.sync();
    await expectAsReadAnew(folder);

    await rename(folder.file, `${folder.file}.1`);
    await writeFile(folder.file, lines(userLine('u10', 'after the rotation')));
    await folder.sync();
    await expectAsReadAnew(folder);
  });

  test('when a line is too long, while it is written and after', async () => {
    const folder = await newFolder();
    const long = userLine('long', 'x'.repeat(4_000));
    await writeFile(folder.file, `${TEXT}${long.slice(0, 2_500)}`);
    await folder.sync();
    await appendFile(folder.file, `${long.slice(2_500)}\n${userLine('u7', 'behind it')}\n`);
    await folder.sync();
    await expectAsReadAnew(folder);
    const rows = await store.db
      .sql`SELECT external_id FROM quarantine WHERE connection_id = ${folder.connectionId}`;
    expect(rows.map((row) => row.external_id)).toEqual([`${folder.file}:5`]);
  });

  test('when a sync is cancelled in the middle of a file, which then changes', async () => {
    const folder = await newFolder();
    await writeFile(folder.file, lines(...someLines(12, 'a')));
    const { syncId } = await store.sync(folder.connectionId, { limits: LIMITS, pagesMax: 2 });
    await store.abandon(syncId);
    await writeFile(folder.file, lines(...someLines(9, 'b')));
    const second = await store.sync(folder.connectionId, { limits: LIMITS, pagesMax: 2 });
    await store.abandon(second.syncId);
    await appendFile(folder.file, lines(...someLines(3, 'c')));
    await folder.sync();
    await expectAsReadAnew(folder);
  });

  test('whatever is done to two files, in any order, with syncs in between', async () => {
    const piece = fc.constantFrom(
      `${userLine('p1', 'one')}\n`,
      `${answerLine('p2', { id: 'msg_p', tokens: [5, 1, 0, 0] })}\n`,
      `${answerLine('p3', { id: 'msg_p', tokens: [5, 70, 0, 0] }, { isSidechain: true, sessionId: 's2' })}\n`,
      `${answerLine('p4', { id: 'msg_p', requestId: 'req_other', tokens: [1, 1, 1, 1] })}\n`,
      userLine('p5', 'no end of line'),
      '{"type":"summary","summary":"A title","leafUuid":"p1"}\n',
      '{"type":"of-tomorrow","x":1e400,"y":"\\u0000\\ud800"}\n',
      '{"half":"of a',
      'rubbish }\n',
      '\n\0\0\n',
      'x'.repeat(1_700),
    );
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant('append' as const), file: fc.nat(1), piece }) },
      fc.record({
        do: fc.constant('truncate' as const),
        file: fc.nat(1),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      fc.record({
        do: fc.constant('replace' as const),
        file: fc.nat(1),
        pieces: fc.array(piece, { maxLength: 3 }),
      }),
      { weight: 3, arbitrary: fc.record({ do: fc.constant('sync' as const) }) },
    );
    const property = fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 10 }), async (steps) => {
      const folder = await newFolder();
      const files = [folder.file, path.join(path.dirname(folder.file), 's2.jsonl')];
      for (const file of files) await writeFile(file, '');
      for (const one of steps) {
        const file = 'file' in one ? (files[one.file] ?? folder.file) : folder.file;
        if (one.do === 'sync') await folder.sync();
        if (one.do === 'append') await appendFile(file, one.piece);
        if (one.do === 'truncate')
          await truncate(file, Math.floor((await readFile(file)).length * one.share));
        if (one.do === 'replace') {
          await writeFile(`${file}.new`, one.pieces.join(''));
          await rename(`${file}.new`, file);
        }
      }
      await folder.sync();
      await expectAsReadAnew(folder);
      await rm(folder.root, { recursive: true });
    });
    await fc.assert(property, { numRuns: 12 });
  });
});

test('a file that is gone is no delete', async () => {
  const folder = await newFolder();
  await writeFile(folder.file, TEXT);
  await folder.sync();
  const before = await store.stored(folder.connectionId, folder.root);
  await rm(folder.file);
  await folder.sync();
  expect(await store.stored(folder.connectionId, folder.root)).toEqual(before);
  const [session] = await store.db.sql`
    SELECT source_gone_at IS NOT NULL AS gone, deleted_at FROM claude_sessions WHERE connection_id = ${folder.connectionId}`;
  expect(session).toEqual({ gone: true, deleted_at: null });
  await writeFile(folder.file, TEXT);
  await folder.sync();
  const [back] = await store.db.sql`
    SELECT source_gone_at, version FROM claude_sessions WHERE connection_id = ${folder.connectionId}`;
  expect(back).toMatchObject({ source_gone_at: null });
});

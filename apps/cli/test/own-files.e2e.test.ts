import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Database, openDatabase } from '@tidemark/db';
import { eventually } from '../../../test/support/eventually.ts';
import { answerLine, lines, someLines } from '../../../test/support/files/session-lines.ts';
import { createTestDatabase } from '../../../test/support/postgres.ts';
import { type Program, startProgram } from '../../../test/support/processes.ts';
import { createTempDirectory } from '../../../test/support/temp-directory.ts';

const MAIN = 'apps/cli/src/main.ts';

let db: Database;
let env: Record<string, string>;
let file: string;

beforeAll(async () => {
  const [database, home, data] = await Promise.all([
    createTestDatabase(),
    createTempDirectory('claude'),
    createTempDirectory('data'),
  ]);
  file = path.join(home, 'projects', '-srv-ada-shop', 's1.jsonl');
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, lines(...someLines(6)));
  await writeFile(
    path.join(path.dirname(file), 's2.jsonl'),
    lines(...someLines(4, 'k', { sessionId: 's2' })),
  );
  db = openDatabase({ url: database.url, max: 2, applicationName: 'test' });
  env = {
    DATABASE_URL: database.url,
    TIDEMARK_ENCRYPTION_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
    TIDEMARK_DATA_DIR: data,
    CLAUDE_CONFIG_DIR: home,
  };
});
afterAll(() => db.close());

const tidemark = (...args: string[]): Promise<Program> =>
  startProgram(MAIN, { args: ['sync', 'claude-code', '--local', ...args], env });

async function report(...args: string[]) {
  const program = await tidemark('--json', ...args);
  expect(await program.waitForExit({ timeoutMs: 60_000 })).toEqual({ code: 0, signal: null });
  return JSON.parse(program.lines.join('\n'));
}

describe("one's own session files, without a server", () => {
  test('are synced, and each decision is told with its reason', async () => {
    const first = await report('--max-files', '1');
    expect(first.decisions).toEqual([
      {
        ...{ subject: 's1', decision: 'insert', reason: 'it was not stored yet' },
        ...{ inserted: 6, updated: 0, deleted: 0 },
      },
      expect.objectContaining({ subject: 's2', decision: 'skip' }),
    ]);
    const second = await report();
    expect(second.decisions).toEqual([
      expect.objectContaining({ subject: 's1', decision: 'skip', reason: 'none of its files changed' }),
      expect.objectContaining({ subject: 's2', decision: 'insert', inserted: 4 }),
    ]);
    const [row] = await db.sql`
      SELECT sync_key, files_processed, sessions_processed::int, sync_status, error_message FROM sync_metadata`;
    expect(row).toEqual({
      ...{ sync_key: 'claude-code:~', files_processed: 1, sessions_processed: 1 },
      ...{ sync_status: 'completed', error_message: null },
    });
  });

  test('are verified and repaired, and what was done to the rows comes to light', async () => {
    const verify = async (...args: string[]) => {
      const program = await startProgram(MAIN, {
        args: ['verify', 'claude-code', '--local', '--json', ...args],
        env,
      });
      const { code } = await program.waitForExit({ timeoutMs: 60_000 });
      const { results } = JSON.parse(program.lines.join('\n'));
      const { findings } = results.find(({ stream }: { stream: string }) => stream === 'messages');
      return [code, findings.missing.count, findings.differing.count, findings.extra.count];
    };
    expect(await verify()).toEqual([0, 0, 0, 0]);
    await db.sql`UPDATE claude_messages SET text = 'by hand' WHERE external_id = 'msg_l1'`;
    await db.sql`DELETE FROM claude_messages WHERE external_id = 'msg_l3'`;
    expect(await verify()).toEqual([1, 1, 1, 0]);
    expect(await verify('--repair')).toEqual([0, 1, 1, 0]);
    expect(await verify()).toEqual([0, 0, 0, 0]);
  });

  test('are watched: an appended line is a row soon after', async () => {
    const program = await tidemark('--watch');
    try {
      await program.waitForLine(/^Watching\./);
      await eventually(async () => {
        const rows = await db.sql`SELECT 1 FROM syncs WHERE trigger = 'watch' AND status = 'completed'`;
        expect(rows.length).toBeGreaterThan(0);
      });
      await appendFile(file, lines(answerLine('w1', { id: 'msg_watched' })));
      await eventually(async () => {
        expect(await db.sql`SELECT 1 FROM claude_messages WHERE external_id = 'msg_watched'`).toHaveLength(1);
      });
      await program.waitForLine(/update +s1/);
    } finally {
      program.signal('SIGINT');
      expect(await program.waitForExit({ timeoutMs: 30_000 })).toEqual({ code: 0, signal: null });
    }
    const [row] = await db.sql`SELECT config FROM connections`;
    expect(row).toEqual({ config: { watch: false } });
  });
});

/**
 * How soon a line that is appended to a session file is a row, in watch mode, without Redis, in a tree of many files: from
 * the end of the write to the moment another session of PostgreSQL sees the row. Ends with 1 when a promise is broken.
 */
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openDatabase } from '@tidemark/db';
import { startWorkerProcess } from '../test/support/engine/worker-process.ts';
import { eventually } from '../test/support/eventually.ts';
import { answerLine, lines, userLine } from '../test/support/files/session-lines.ts';
import { createTempDirectory } from '../test/support/temp-directory.ts';
import { startProgram } from './support/processes.ts';
import { openServices } from './support/services.ts';
import { print, printTable, quantile, whole } from './support/table.ts';

const { values } = parseArgs({
  options: { appends: { type: 'string', default: '50' }, files: { type: 'string', default: '10000' } },
});
const APPENDS = Number(values.appends);
const FILES = Number(values.files);
const FOLDERS = 200;
const BOUND_MS = 2_000;

const services = await openServices();
const times: number[] = [];
try {
  const root = await createTempDirectory('watched');
  const fileOf = (index: number) => path.join(root, `project-${index % FOLDERS}`, `s${index}.jsonl`);
  for (let index = 0; index < FILES; index += 1) {
    if (index < FOLDERS) await mkdir(path.dirname(fileOf(index)));
    await writeFile(fileOf(index), lines(userLine(`u${index}`, 'x', { sessionId: `s${index}` })));
  }
  const databaseUrl = await services.createDatabase();
  const db = openDatabase({ url: databaseUrl, max: 2, applicationName: 'observer' });
  const rows = async (query: Promise<readonly unknown[]>, count: number) => {
    const found = (await query).length;
    if (found < count) throw new Error(`${found} of ${count}`);
  };
  await db.sql`
    WITH tenant AS (INSERT INTO tenants (name) VALUES ('bench') RETURNING id)
    INSERT INTO connections (tenant_id, connector, name, config, account_id)
    SELECT id, 'claude-code', 'bench', ${JSON.stringify({ root, watch: true })}::text::jsonb, ${root} FROM tenant`;
  const addresses = { databaseUrl, graphUrl: 'http://127.0.0.1:9' };
  const worker = await startWorkerProcess(startProgram, addresses, { variables: { SESSION_ROOTS: root } });
  await eventually(() => rows(db.sql`SELECT 1 FROM claude_sessions`, FILES), { timeoutMs: 300_000 });
  const isIdle = async () => {
    const live = await db.sql`SELECT 1 FROM syncs WHERE status IN ('queued', 'running')`;
    if (live.length > 0) throw new Error('a sync runs');
  };
  for (let index = 0; index < APPENDS; index += 1) {
    await eventually(isIdle, { timeoutMs: 60_000 });
    const id = `msg_watched_${index}`;
    await appendFile(fileOf((index * 7_919) % FILES), lines(answerLine(`w${index}`, { id })));
    const writtenAt = performance.now();
    await eventually(() => rows(db.sql`SELECT 1 FROM claude_messages WHERE external_id = ${id}`, 1), {
      timeoutMs: 60_000,
      intervalMs: 5,
    });
    times.push(performance.now() - writtenAt);
  }
  await worker.stop();
  await db.close();
} finally {
  await services.end();
}

const shares = [0, 0.5, 0.95, 1] as const;
printTable(
  `Milliseconds from an appended line to its row, ${APPENDS} lines in a tree of ${whole(FILES)} files`,
  ['min', 'median', '95 %', 'max'],
  [shares.map((share) => whole(quantile(times, share)))],
);
const isKept = Math.max(...times) < BOUND_MS;
print('', `Promised: within ${BOUND_MS / 1_000} s: ${isKept ? 'kept' : 'BROKEN'}`, '');
process.exitCode = isKept ? 0 : 1;

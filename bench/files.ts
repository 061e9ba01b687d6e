/**
 * How fast session files are read and stored, beside reading and parsing the same lines with nothing else, and beside COPY
 * of the same rows; how much memory a large session takes; and what a sync over an unchanged tree costs.
 */
import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { openDatabase } from '@tidemark/db';
import { userLine } from '../test/support/files/session-lines.ts';
import { SessionStore } from '../test/support/files/session-store.ts';
import { createTempDirectory } from '../test/support/temp-directory.ts';
import { MEGABYTE, writeSession } from './support/generated-session.ts';
import { openServices } from './support/services.ts';
import { print, printTable, whole } from './support/table.ts';

const { values } = parseArgs({
  options: { megabytes: { type: 'string', default: '64' }, files: { type: 'string', default: '10000' } },
});
const SIZE = Number(values.megabytes) * MEGABYTE;
const FILES = Number(values.files);

async function timed<T>(work: () => Promise<T>): Promise<{ seconds: number; result: T }> {
  const start = performance.now();
  const result = await work();
  return { seconds: (performance.now() - start) / 1000, result };
}

/** Reading and parsing, and nothing else. */
async function parseAll(file: string): Promise<number> {
  let lines = 0;
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    JSON.parse(line);
    lines += 1;
  }
  return lines;
}

/** The rows of all tables, copied into empty tables with the same indexes. */
async function copyRows(url: string): Promise<number> {
  const db = openDatabase({ url, max: 2, applicationName: 'bench' });
  try {
    let seconds = 0;
    for (const table of ['claude_lines', 'claude_messages', 'claude_sessions']) {
      await db.sql.unsafe(`CREATE TABLE copy_${table} (LIKE ${table} INCLUDING ALL)`);
      const chunks: Buffer[] = [];
      for await (const chunk of await db.sql.unsafe(`COPY ${table} TO STDOUT`).readable()) chunks.push(chunk);
      const copied = await timed(async () => {
        await pipeline(
          Readable.from(chunks),
          await db.sql.unsafe(`COPY copy_${table} FROM STDIN`).writable(),
        );
      });
      seconds += copied.seconds;
    }
    return seconds;
  } finally {
    await db.close();
  }
}

/** The most memory the process held while it worked, in bytes, beyond what it began with; and what it held every two seconds. */
async function peakOf<T>(work: () => Promise<T>): Promise<{ peak: number; over: number[]; result: T }> {
  globalThis.gc?.();
  const begin = process.memoryUsage().rss;
  let peak = begin;
  const over: number[] = [];
  const steady = setInterval(() => over.push(process.memoryUsage().rss - begin), 2_000);
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 20);
  try {
    return { result: await work(), peak: peak - begin, over };
  } finally {
    clearInterval(timer);
    clearInterval(steady);
  }
}

const services = await openServices();
try {
  const url = await services.createDatabase();
  const store = await SessionStore.openAt(url);
  const rows: string[][] = [];
  const memory: string[] = [];
  for (const bytes of [SIZE / 8, SIZE]) {
    const root = await createTempDirectory('bench');
    const file = path.join(root, 'p', 's1.jsonl');
    const size = (await writeSession(file, bytes)) / MEGABYTE;
    const parsed = await timed(() => parseAll(file));
    const connection = await store.connect(root);
    const stored = await timed(() => peakOf(() => store.sync(connection)));
    const { over } = stored.result;
    memory.push(
      `memory every 2 s, ${whole(size)} MB: ${over.map((held) => whole(held / MEGABYTE)).join(' ')}`,
    );
    const again = await timed(() => store.sync(connection));
    await store.db.sql`DELETE FROM connections WHERE id <> ${connection}`;
    const copied = await copyRows(url);
    await store.db.sql`DROP TABLE copy_claude_lines, copy_claude_messages, copy_claude_sessions`;
    rows.push([
      `${whole(size)} MB`,
      (size / stored.seconds).toFixed(1),
      (size / parsed.seconds).toFixed(1),
      (parsed.seconds / stored.seconds).toFixed(3),
      (copied / stored.seconds).toFixed(3),
      `${whole(stored.result.peak / MEGABYTE)} MB`,
      `${(again.seconds * 1000).toFixed(0)} ms`,
    ]);
  }
  printTable(
    'Session files',
    ['session', 'MB/s', 'MB/s parsed only', 'of parsing', 'of COPY', 'peak memory', 'unchanged'],
    rows,
  );
  print(...memory);

  const root = await createTempDirectory('tree');
  for (let index = 0; index < FILES; index += 1) {
    const folder = path.join(root, `project-${index % 200}`);
    if (index < 200) await mkdir(folder);
    await writeFile(
      path.join(folder, `s${index}.jsonl`),
      `${userLine(`u${index}`, 'x', { sessionId: `s${index}` })}\n`,
    );
  }
  const connection = await store.connect(root);
  const first = await timed(() => store.sync(connection));
  // On a busy machine the time on the clock says little: the time on the processor is told beside it.
  const before = process.cpuUsage();
  const unchanged = await timed(() => store.sync(connection));
  const { user, system } = process.cpuUsage(before);
  print(
    `${whole(FILES)} files: first sync ${first.seconds.toFixed(1)} s in ${first.result.pages} pages`,
    `unchanged: ${whole(unchanged.seconds * 1000)} ms, ${whole((user + system) / 1000)} ms of processor time`,
  );
  await store.close();
} finally {
  await services.end();
}

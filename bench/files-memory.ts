/**
 * How much memory a first sync of very many session files takes: two gigabytes unless told otherwise, half of them in one
 * file, a quarter in the next, and so on. Ends with 1 when it grows with what was read.
 */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { SessionStore } from '../test/support/files/session-store.ts';
import { createTempDirectory } from '../test/support/temp-directory.ts';
import { MEGABYTE, writeSession } from './support/generated-session.ts';
import { openServices } from './support/services.ts';
import { print, printTable, whole } from './support/table.ts';

const { values } = parseArgs({ options: { megabytes: { type: 'string', default: '2048' } } });
const MEGABYTES = Number(values.megabytes);
const SMALLEST = 1;
const TENTHS = 10;
/** What the last tenth may hold beyond the first one: nothing that grows with gigabytes stays below it. */
const GROWTH_MAX = 32 * MEGABYTE;
const HELD_MAX = 160 * MEGABYTE;

/** What the process held, sample by sample, beyond what it began with. */
async function memoryDuring(work: () => Promise<void>): Promise<number[]> {
  globalThis.gc?.();
  const begin = process.memoryUsage().rss;
  const held: number[] = [];
  const timer = setInterval(() => held.push(process.memoryUsage().rss - begin), 50);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return held;
}

function highestByTenth(samples: readonly number[]): number[] {
  const size = Math.ceil(samples.length / TENTHS);
  return Array.from({ length: TENTHS }, (_, tenth) =>
    Math.max(...samples.slice(tenth * size, (tenth + 1) * size)),
  );
}

const services = await openServices();
const root = await createTempDirectory('sessions');
try {
  const sizes: number[] = [];
  for (let half = MEGABYTES / 2; half >= SMALLEST; half /= 2) sizes.push(half);
  for (const [index, size] of sizes.entries()) {
    await writeSession(path.join(root, 'p', `s${index}.jsonl`), size * MEGABYTE, `s${index}`);
  }
  const store = await SessionStore.openAt(await services.createDatabase());
  const connection = await store.connect(root);
  const startedAt = performance.now();
  let pages = 0;
  const held = await memoryDuring(async () => {
    ({ pages } = await store.sync(connection));
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  const [figures] = await store.db.sql<{ lines: number; messages: number; bytes: number }[]>`
    SELECT (SELECT count(*)::int FROM claude_lines) AS lines, (SELECT count(*)::int FROM claude_messages) AS messages,
           (SELECT sum(byte_length)::float8 FROM claude_lines) AS bytes`;
  await store.close();
  const tenths = highestByTenth(held);
  printTable(
    'Memory beyond the start, in MB, highest in each tenth of the time',
    tenths.map((_, index) => `${index + 1}`),
    [tenths.map((most) => whole(most / MEGABYTE))],
  );
  const stored = (figures?.bytes ?? 0) / MEGABYTE;
  print(
    '',
    `${sizes.length} sessions, the largest of ${whole(sizes[0] ?? 0)} MB: ${whole(stored)} MB in ${whole(figures?.lines ?? 0)} lines, ` +
      `${whole(figures?.messages ?? 0)} messages; ${whole(pages)} pages, ${whole(seconds)} s, ${(stored / seconds).toFixed(1)} MB/s`,
  );
  const growth = (tenths.at(-1) ?? 0) - (tenths[0] ?? 0);
  const isKept = growth < GROWTH_MAX && Math.max(...tenths) < HELD_MAX;
  print(
    `Promised: never more than ${HELD_MAX / MEGABYTE} MB, and less than ${GROWTH_MAX / MEGABYTE} MB more at the end than at ` +
      `the beginning (${whole(growth / MEGABYTE)} MB): ${isKept ? 'kept' : 'BROKEN'}`,
    '',
  );
  process.exitCode = isKept ? 0 : 1;
} finally {
  await rm(root, { recursive: true, force: true });
  await services.end();
}

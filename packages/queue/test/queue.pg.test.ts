/**
 * `pg` loads its pool with require, and must not be given the module that is meant for import.
 *
 * @jest-environment-options {"customExportConditions": ["source", "node"]}
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import postgres from 'postgres';
import { eventually } from '../../../test/support/eventually.ts';
import { createTestDatabase } from '../../../test/support/postgres.ts';
import { openQueues, QueueUnavailableError } from '../src/index.ts';
import { gate, pageJob, recordingLogger, Stage } from './harness.ts';
import { queueSuite } from './queue-suite.ts';

const DONE = { kind: 'done' } as const;

let database: Awaited<ReturnType<typeof createTestDatabase>>;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

queueSuite('postgres', () => ({ databaseUrl: database.url, prefix: 'unused' }));

/** Ends every connection of the queue, as a restart of the server does. */
async function dropConnections(): Promise<void> {
  const sql = postgres(database.url, { max: 1 });
  await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()`;
  await sql.end();
}

describe('connections that break', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open({ databaseUrl: database.url, prefix: 'unused' });
  });
  afterEach(() => stage.close());

  test('E4: workers and producers go on after PostgreSQL dropped all connections', async () => {
    const hold = gate();
    const { seen } = await stage.worker(async ({ seq }) => {
      await (seq === 1 ? hold.opened : undefined);
      return DONE;
    });
    await stage.queues.add(pageJob({ seq: 1 }));
    await eventually(() => expect(seen).toHaveLength(1));
    await dropConnections();
    hold.open();
    await eventually(() => stage.queues.add(pageJob({ seq: 2 })));
    await eventually(() => expect(seen.map((run) => run.seq)).toEqual([1, 2]));
    await eventually(async () =>
      expect(await stage.status()).toMatchObject({ active: 0, failed: 0, waiting: 0 }),
    );
    expect(seen.every((run) => run.attemptsMade === 0)).toBe(true);
    expect(stage.logger.lines.filter((line) => line.level === 'error')).toEqual([]);
  });
});

test('processes that open a fresh database at once do not race for its migration', async () => {
  const fresh = await createTestDatabase();
  const logger = recordingLogger();
  const all = await Promise.all(
    Array.from({ length: 5 }, () => openQueues({ databaseUrl: fresh.url, logger })),
  );
  await Promise.all(all.map((queues) => queues.ping()));
  await Promise.all(all.map((queues) => queues.close()));
  await fresh.drop();
  expect(logger.lines).toEqual([]);
});

test('opened while PostgreSQL is away: calls are refused, not kept', async () => {
  const databaseUrl = 'postgres://nobody@127.0.0.1:1/none';
  const queues = await openQueues({ databaseUrl, logger: recordingLogger() });
  try {
    const asked = Date.now();
    await expect(queues.add(pageJob())).rejects.toThrow(QueueUnavailableError);
    await expect(queues.ping()).rejects.toThrow(QueueUnavailableError);
    expect(Date.now() - asked).toBeLessThan(30_000);
  } finally {
    await queues.close();
  }
});

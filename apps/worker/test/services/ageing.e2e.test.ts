/**
 * `pg` loads its pool with require, and must not be given the module that is meant for import.
 *
 * @jest-environment-options {"customExportConditions": ["source", "node"]}
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createEventBus } from '@tidemark/core/events';
import { AGEING_STEP_MS, FIRST_RANK, LAST_RANK } from '@tidemark/core/queue';
import { beatWorker, type Database, openDatabase, startSync } from '@tidemark/db';
import { openQueues, openWorker, type Queues } from '@tidemark/queue';
import { addConnection, WORKER } from '../../../../packages/db/test/ops/fixtures.ts';
import { BACKENDS, startServices, type TestServices } from '../../../../test/support/engine/backends.ts';
import { eventually } from '../../../../test/support/eventually.ts';
import { sweep } from '../../src/services/sweep.ts';

const SILENT = { info: () => {}, warn: () => {}, error: () => {} };
/** Manual pages in front of the queue's head at any time: there is always one that waits. */
const AHEAD = 3;
/** After as many steps the backfill is first, and only those that wait with its rank go before it. */
const BOUND = LAST_RANK - FIRST_RANK + AHEAD;

describe.each(BACKENDS)('one worker slot and manual pages that never end, on %s', (backend) => {
  let services: TestServices;
  let db: Database;
  let queues: Queues;
  let accounts = 0;
  beforeAll(async () => {
    services = await startServices(backend);
    db = openDatabase({ url: services.databaseUrl, max: 5, applicationName: 'ageing-test' });
    queues = await openQueues({ ...services, logger: SILENT });
    await beatWorker(db, { id: WORKER, host: 'test', pid: 1, concurrency: 1 });
  });
  afterAll(async () => {
    await queues.close();
    await db.close();
    await services.end();
  });

  /** A backfill of the last rank, queued. */
  async function backfill() {
    accounts += 1;
    const connectionId = await addConnection(db, `backfill-${accounts}`);
    const request = {
      mode: 'full',
      trigger: 'schedule',
      priority: 'low',
      streams: ['conversations'],
    } as const;
    const started = await startSync(db, { ...request, connectionId, cause: 'test' });
    if (started.kind !== 'started') throw new Error(`not started: ${started.kind}`);
    const { syncId, job } = started;
    expect(job.priority).toBe(LAST_RANK);
    await queues.add({ name: 'sync-page', payload: { syncId, seq: 0, pickup: 0 }, priority: job.priority });
    return syncId;
  }

  /**
   * Serves manual pages one by one, each of which brings another one, until the backfill was served or `max` were.
   * Between two of them `meanwhile` runs. Returns how many went before it, or null: it was not served.
   */
  async function serve(syncId: string, max: number, meanwhile: () => Promise<void>): Promise<number | null> {
    const manual = () => {
      const payload = { syncId: crypto.randomUUID(), seq: 0, pickup: 0 };
      return queues.add({ name: 'sync-page', payload, priority: 4 });
    };
    for (let count = 0; count < AHEAD; count += 1) await manual();
    let served = 0;
    let end: number | null | undefined;
    const worker = openWorker({
      ...services,
      queue: 'sync',
      concurrency: 1,
      logger: SILENT,
      handlers: {
        'sync-page': async (payload) => {
          if (end !== undefined) return { kind: 'done' };
          if (payload.syncId === syncId) end = served;
          else served += 1;
          if (end === undefined && served >= max) end = null;
          if (end !== undefined) return { kind: 'done' };
          await manual();
          await meanwhile();
          return { kind: 'done' };
        },
      },
    });
    await worker.start();
    await eventually(() => expect(end).not.toBeUndefined(), { timeoutMs: 50_000 });
    await eventually(async () => {
      const status = (await queues.status()).find(({ queue }) => queue === 'sync');
      expect(status).toMatchObject({ waiting: 0, active: 0 });
    });
    await worker.stop({ graceMs: 1_000 });
    return end ?? null;
  }

  test('E21 L9 serve the backfill after a bounded number of them', async () => {
    const syncId = await backfill();
    const sweeper = sweep(
      { workerId: WORKER, db, queues, events: createEventBus(() => {}) },
      1,
      (name, error) => {
        throw new Error(`${name}: ${String(error)}`);
      },
    );
    // Time passes by the step of the rule, whatever the machine's speed.
    const step = async () => {
      await db.sql`
        UPDATE syncs SET created_at = created_at - make_interval(secs => ${AGEING_STEP_MS / 1_000})
        WHERE id = ${syncId}`;
      await sweeper.runOnce();
    };
    const before = await serve(syncId, 10 * BOUND, step);
    expect(before).not.toBeNull();
    expect(before).toBeLessThanOrEqual(BOUND);
  });

  test('without ageing starve it', async () => {
    const syncId = await backfill();
    expect(await serve(syncId, 3 * BOUND, async () => {})).toBeNull();
  });
});

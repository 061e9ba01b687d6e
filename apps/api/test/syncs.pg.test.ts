import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { QueueUnavailableError } from '@tidemark/queue';
import { connectShop, type Harness, moveSync, openHarness, startOne } from './harness.ts';

let api: Harness;
beforeAll(async () => {
  api = await openHarness();
});
afterAll(() => api.close());

describe('POST /v1/connections/:id/syncs', () => {
  test('answers 202 with the sync, after it was committed and its first page enqueued', async () => {
    const connectionId = await connectShop(api);
    const answer = await api.ask('POST', `/v1/connections/${connectionId}/syncs`, {
      body: { priority: 'high' },
    });
    expect(answer.statusCode).toBe(202);
    const sync = answer.json();
    expect(answer.headers.location).toBe(`/v1/syncs/${sync.id}`);
    expect(sync).toMatchObject({
      connectionId,
      connector: 'shop',
      mode: 'full',
      trigger: 'api',
      priority: 'high',
      status: 'queued',
      progress: { pages: 0, records: { read: 0 }, total: null, percent: null, etaSeconds: null },
      attempt: 1,
      error: null,
      retryOf: null,
    });
    expect(api.queue.jobs.at(-1)).toMatchObject({
      name: 'sync-page',
      payload: { syncId: sync.id, seq: 0, pickup: 0 },
    });
    const outbox = await api.db.sql`SELECT 1 FROM outbox WHERE payload->'payload'->>'syncId' = ${sync.id}`;
    expect(outbox).toHaveLength(0);
  });

  test('needs no body at all', async () => {
    const connectionId = await connectShop(api);
    expect((await api.ask('POST', `/v1/connections/${connectionId}/syncs`)).statusCode).toBe(202);
  });

  test('refuses a second sync with the id of the first', async () => {
    const connectionId = await connectShop(api);
    const activeSyncId = await startOne(api, connectionId);
    const answer = await api.ask('POST', `/v1/connections/${connectionId}/syncs`);
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({ code: 'sync_in_progress', activeSyncId });
  });

  test('refuses a connection that needs new credentials, with the remedy', async () => {
    const connectionId = await connectShop(api);
    await api.db.sql`UPDATE connections SET status = 'needs_reauth' WHERE id = ${connectionId}`;
    const answer = await api.ask('POST', `/v1/connections/${connectionId}/syncs`);
    expect(answer.statusCode).toBe(409);
    expect(answer.json().code).toBe('connection_needs_reauth');
    expect(answer.json().detail).toContain('PATCH');
  });

  test.each([
    ['an unknown field', { dry: true }, '/dry'],
    ['an unknown mode', { mode: 'all' }, '/mode'],
  ])('refuses %s', async (_case, body, pointer) => {
    const connectionId = await connectShop(api);
    const answer = await api.ask('POST', `/v1/connections/${connectionId}/syncs`, { body });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code: 'validation_failed', errors: [{ pointer }] });
  });

  test('with the queue down still answers 202, and leaves the job in the outbox', async () => {
    const connectionId = await connectShop(api);
    api.queue.failure = new QueueUnavailableError('add');
    const answer = await api.ask('POST', `/v1/connections/${connectionId}/syncs`);
    api.queue.failure = null;
    expect(answer.statusCode).toBe(202);
    const outbox = await api.db.sql`
      SELECT payload FROM outbox WHERE payload->'payload'->>'syncId' = ${answer.json().id}`;
    expect(outbox.map((row) => row.payload.payload.seq)).toEqual([0]);
  });

  test('with a queue that never answers is not held up', async () => {
    const connectionId = await connectShop(api);
    const queues = Object.assign(Object.create(api.queue), {
      add: () => Promise.withResolvers<void>().promise,
    });
    const answer = await api.ask('POST', `/v1/connections/${connectionId}/syncs`, {
      app: api.another({ queues }),
    });
    expect(answer.statusCode).toBe(202);
  });
});

describe('GET /v1/syncs', () => {
  test('filters by connection, status, connector and time', async () => {
    const first = await connectShop(api);
    const second = await connectShop(api);
    const done = await startOne(api, first);
    await moveSync(api.db, done, 'running');
    await moveSync(api.db, done, 'completed');
    await api.db.sql`UPDATE syncs SET created_at = '2020-06-01T12:00:00Z' WHERE id = ${done}`;
    const live = await startOne(api, first);
    const other = await startOne(api, second);
    const ids = async (query: string) =>
      (await api.ask('GET', `/v1/syncs?${query}`)).json().data.map((sync: { id: string }) => sync.id);
    expect(await ids(`connectionId=${first}`)).toEqual([live, done]);
    expect(await ids(`connectionId=${first}&status=completed`)).toEqual([done]);
    expect(await ids(`connectionId=${first}&status=complete`)).toEqual([done]);
    expect(await ids(`connectionId=${second}&connector=shop`)).toEqual([other]);
    expect(await ids('connector=files')).toEqual([]);
    expect(await ids('since=2020-06-01T12:00:00Z&until=2020-06-01T12:00:01Z')).toEqual([done]);
    expect(await ids('since=2020-06-01T14:00:00%2B02:00&until=2020-06-01T12:00:00.001Z')).toEqual([done]);
    expect(await ids('until=2020-06-01T12:00:00Z')).toEqual([]);
  });

  test('shows rate and remaining time only where the source told a total', async () => {
    const syncId = await startOne(api, await connectShop(api));
    await moveSync(api.db, syncId, 'running');
    await api.db.sql`
      UPDATE syncs SET records_read = 5000, records_inserted = 5000, page_count = 5,
        started_at = clock_timestamp() - interval '1000 seconds' WHERE id = ${syncId}`;
    const without = (await api.ask('GET', `/v1/syncs/${syncId}`)).json().progress;
    expect(without).toMatchObject({ pages: 5, total: null, percent: null, etaSeconds: null });
    expect(without.recordsPerSecond).toBeGreaterThan(3);
    await api.db.sql`UPDATE syncs SET records_total = 20000 WHERE id = ${syncId}`;
    const progress = (await api.ask('GET', `/v1/syncs/${syncId}`)).json().progress;
    expect(progress).toMatchObject({ total: 20_000, percent: 25 });
    expect(progress.etaSeconds).toBeGreaterThan(20);
  });
});

describe('what a sync left behind', () => {
  test('history tells every transition with cause and worker, oldest first, in pages', async () => {
    const syncId = await startOne(api, await connectShop(api));
    await moveSync(api.db, syncId, 'running');
    await moveSync(api.db, syncId, 'paused');
    const seen: { jobId: string | null }[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = (await api.ask('GET', `/v1/syncs/${syncId}/history?limit=1${query}`)).json();
      seen.push(...page.data);
      cursor = page.nextCursor;
    }
    expect(seen.filter((transition) => transition.jobId === null)).toMatchObject([
      { from: null, to: 'queued', cause: 'api', worker: null },
      { from: 'queued', to: 'running', cause: 'test', worker: 'w1' },
      { from: 'running', to: 'paused', cause: 'test', worker: 'w1' },
    ]);
  });

  test('results tell the counts by stream', async () => {
    const syncId = await startOne(api, await connectShop(api));
    await api.db.sql`
      INSERT INTO sync_results (sync_id, stream, records_read, records_inserted, records_stale)
      VALUES (${syncId}, 'orders', 3, 2, 1)`;
    const { data } = (await api.ask('GET', `/v1/syncs/${syncId}/results`)).json();
    expect(data).toEqual([
      {
        stream: 'orders',
        records: { read: 3, inserted: 2, updated: 0, skipped: 0, stale: 1, quarantined: 0, deleted: 0 },
        samples: null,
        findings: null,
      },
    ]);
  });

  test('an error is shown with what to do about it', async () => {
    const syncId = await startOne(api, await connectShop(api));
    await api.db.sql`
      UPDATE syncs SET error_code = 'source_unauthorized', error_message = 'refused', error_retryable = false,
        error_action = 'Give new credentials' WHERE id = ${syncId}`;
    expect((await api.ask('GET', `/v1/syncs/${syncId}`)).json().error).toEqual({
      code: 'source_unauthorized',
      message: 'refused',
      retryable: false,
      action: 'Give new credentials',
    });
  });
});

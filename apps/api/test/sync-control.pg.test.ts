import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SYNC_STATUSES, type SyncStatus, transition } from '@tidemark/core/sync';
import { QueueUnavailableError } from '@tidemark/queue';
import { connectShop, type Harness, moveSync, openHarness, startOne } from './harness.ts';

let api: Harness;
beforeAll(async () => {
  api = await openHarness();
});
afterAll(() => api.close());

/** The shortest legal way from `queued` to each status. */
const WAY: Record<SyncStatus, SyncStatus[]> = {
  queued: [],
  running: ['running'],
  paused: ['paused'],
  completed: ['running', 'completed'],
  failed: ['failed'],
  cancelled: ['cancelled'],
};

async function syncThatIs(status: SyncStatus): Promise<string> {
  const syncId = await startOne(api, await connectShop(api));
  for (const step of WAY[status]) await moveSync(api.db, syncId, step);
  return syncId;
}

const REQUESTS = [
  ['pause', 'pauseRequested', 'paused'],
  ['resume', 'resumeRequested', 'running'],
  ['cancel', 'cancelRequested', 'cancelled'],
] as const;

describe('POST /v1/syncs/:id/pause, resume and cancel', () => {
  const cells = SYNC_STATUSES.flatMap((from) => REQUESTS.map((request) => [from, ...request] as const));

  test.each(cells)('I2 a %s sync asked to %s does what the table says', async (from, ask, event, to) => {
    const id = await syncThatIs(from);
    const answer = await api.ask('POST', `/v1/syncs/${id}/${ask}`);
    const next = transition(from, event);
    if (next === 'reject') {
      expect(answer.statusCode).toBe(409);
      expect(answer.json()).toMatchObject({ code: 'illegal_transition', from, to });
    } else {
      expect([answer.statusCode, next]).toEqual([200, to]);
      expect(answer.json()).toMatchObject({ id, status: to });
    }
    const after = (await api.ask('GET', `/v1/syncs/${id}`)).json();
    expect(after.status).toBe(next === 'reject' ? from : next);
  });

  test('tell the history who asked, and end a cancelled sync with its time', async () => {
    const id = await syncThatIs('running');
    for (const ask of ['pause', 'resume', 'cancel'])
      await api.ask('POST', `/v1/syncs/${id}/${ask}`, { body: {} });
    const { data } = (await api.ask('GET', `/v1/syncs/${id}/history`)).json();
    const own = data.filter((step: { jobId: string | null }) => step.jobId === null).slice(-3);
    expect(own).toMatchObject([
      { from: 'running', to: 'paused', cause: 'api', worker: null },
      { from: 'paused', to: 'running', cause: 'api', worker: null },
      { from: 'running', to: 'cancelled', cause: 'api', worker: null },
    ]);
    expect((await api.ask('GET', `/v1/syncs/${id}`)).json().finishedAt).not.toBeNull();
  });

  test('a resume enqueues the page under a new pickup; with the queue down the outbox keeps it', async () => {
    const id = await syncThatIs('paused');
    await api.ask('POST', `/v1/syncs/${id}/resume`);
    expect(api.queue.jobs.at(-1)).toMatchObject({ payload: { syncId: id, seq: 0, pickup: 1 } });
    await api.ask('POST', `/v1/syncs/${id}/pause`);
    api.queue.failure = new QueueUnavailableError('add');
    const answer = await api.ask('POST', `/v1/syncs/${id}/resume`);
    api.queue.failure = null;
    expect(answer.statusCode).toBe(200);
    const outbox = await api.db.sql`SELECT payload FROM outbox WHERE payload->'payload'->>'syncId' = ${id}`;
    expect(outbox.map((row) => row.payload.payload)).toEqual([{ syncId: id, seq: 0, pickup: 2 }]);
  });

  test.each(['pause', 'resume', 'cancel', 'retry', 'sweep'])(
    '%s is nobody else’s, and needs its scope',
    async (ask) => {
      const id = await syncThatIs('running');
      const tenant = await api.newTenant(`stranger-${ask}`);
      const stranger = await api.newKey(['syncs:write'], tenant);
      const foreign = await api.ask('POST', `/v1/syncs/${id}/${ask}`, { key: stranger });
      expect([foreign.statusCode, foreign.json().code]).toEqual([404, 'not_found']);
      const reader = await api.newKey(['syncs:read']);
      const unscoped = await api.ask('POST', `/v1/syncs/${id}/${ask}`, { key: reader });
      expect([unscoped.statusCode, unscoped.json().requiredScope]).toEqual([403, 'syncs:write']);
      const bad = await api.ask('POST', `/v1/syncs/${id}/${ask}`, { body: { force: true } });
      expect([bad.statusCode, bad.json().errors]).toMatchObject([422, [{ pointer: '/force' }]]);
      expect((await api.ask('GET', `/v1/syncs/${id}`)).json().status).toBe('running');
    },
  );
});

describe('POST /v1/syncs/:id/retry', () => {
  test.each(SYNC_STATUSES)('of a %s sync', async (from) => {
    const id = await syncThatIs(from);
    const answer = await api.ask('POST', `/v1/syncs/${id}/retry`);
    if (from !== 'failed' && from !== 'cancelled') {
      expect(answer.statusCode).toBe(409);
      expect(answer.json()).toMatchObject({ code: 'illegal_transition', from, to: 'queued' });
      return;
    }
    expect(answer.statusCode).toBe(202);
    const sync = answer.json();
    expect(sync).toMatchObject({ status: 'queued', trigger: 'retry', retryOf: id, attempt: 1, error: null });
    expect(sync.id).not.toBe(id);
    expect(answer.headers.location).toBe(`/v1/syncs/${sync.id}`);
    expect(api.queue.jobs.at(-1)).toMatchObject({ payload: { syncId: sync.id, seq: 0, pickup: 0 } });
  });

  test('is carried out once under one Idempotency-Key', async () => {
    const id = await syncThatIs('failed');
    const headers = { 'idempotency-key': 'retry-once' };
    const first = await api.ask('POST', `/v1/syncs/${id}/retry`, { headers });
    const again = await api.ask('POST', `/v1/syncs/${id}/retry`, { headers });
    expect([again.statusCode, again.json().id]).toEqual([202, first.json().id]);
  });

  test('says which sync came in between, and what to do', async () => {
    const id = await syncThatIs('failed');
    const { connectionId } = (await api.ask('GET', `/v1/syncs/${id}`)).json();
    const laterSyncId = await startOne(api, connectionId);
    const busy = await api.ask('POST', `/v1/syncs/${id}/retry`);
    expect(busy.json()).toMatchObject({ status: 409, code: 'sync_in_progress', activeSyncId: laterSyncId });
    await api.ask('POST', `/v1/syncs/${laterSyncId}/cancel`);
    const overtaken = await api.ask('POST', `/v1/syncs/${id}/retry`);
    expect(overtaken.json()).toMatchObject({ status: 409, code: 'checkpoint_overtaken', laterSyncId });
    expect(overtaken.json().detail).toContain('/v1/connections/:id/syncs');
  });

  test('of a partial sync takes up its failed pages, once', async () => {
    const id = await syncThatIs('completed');
    const { connectionId } = (await api.ask('GET', `/v1/syncs/${id}`)).json();
    await api.db.sql`UPDATE syncs SET partial = true, failed_pages = 1 WHERE id = ${id}`;
    await api.db.sql`
      INSERT INTO sync_failed_pages (connection_id, sync_id, stream, seq, what, checkpoint, error_code, error_message, attempts)
      VALUES (${connectionId}, ${id}, 'orders', 0, 'one', '{}', 'source_unavailable', 'x', 8)`;
    const answer = await api.ask('POST', `/v1/syncs/${id}/retry`);
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toMatchObject({ trigger: 'retry', retryOf: id, status: 'queued' });
    const busy = await api.ask('POST', `/v1/syncs/${id}/retry`);
    expect(busy.json()).toMatchObject({ code: 'sync_in_progress', activeSyncId: answer.json().id });
    await moveSync(api.db, answer.json().id, 'running');
    await api.db.sql`UPDATE sync_failed_pages SET status = 'mended' WHERE sync_id = ${id}`;
    await moveSync(api.db, answer.json().id, 'completed');
    const nothing = await api.ask('POST', `/v1/syncs/${id}/retry`);
    expect(nothing.json()).toMatchObject({ status: 409, code: 'illegal_transition', from: 'completed' });
  });

  test('is refused on dead credentials and on a deleted connection', async () => {
    const id = await syncThatIs('failed');
    const { connectionId } = (await api.ask('GET', `/v1/syncs/${id}`)).json();
    await api.db.sql`UPDATE connections SET status = 'needs_reauth' WHERE id = ${connectionId}`;
    expect((await api.ask('POST', `/v1/syncs/${id}/retry`)).json().code).toBe('connection_needs_reauth');
    await api.ask('DELETE', `/v1/connections/${connectionId}`);
    expect((await api.ask('POST', `/v1/syncs/${id}/retry`)).statusCode).toBe(404);
  });
});

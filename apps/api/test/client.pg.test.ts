import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createClient, SubscriptionError, type SyncEvent, subscribeSyncEvents } from '@tidemark/client';
import { connectShop, type Harness, moveSync, openHarness, startOne } from './harness.ts';

let api: Harness;
let baseUrl: string;
beforeAll(async () => {
  api = await openHarness();
  baseUrl = await api.app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => api.close());

describe('the generated client', () => {
  test('starts a sync and reads it back; a refusal is a problem document', async () => {
    const client = createClient({ baseUrl, apiKey: api.admin });
    const connectionId = await connectShop(api);
    const path = { id: connectionId };
    const started = await client.POST('/v1/connections/{id}/syncs', {
      params: { path, header: { 'idempotency-key': 'client' } },
      body: { mode: 'full' },
    });
    expect(started.response.status).toBe(202);
    const id = started.data?.id ?? '';
    const read = await client.GET('/v1/syncs/{id}', { params: { path: { id } } });
    expect(read.data).toMatchObject({ id, connectionId, status: 'queued' });
    const again = await client.POST('/v1/connections/{id}/syncs', { params: { path }, body: {} });
    expect(again.error).toMatchObject({ code: 'sync_in_progress', activeSyncId: id });
  });

  test('uses the fetch it is given', async () => {
    const urls: string[] = [];
    const client = createClient({
      baseUrl,
      apiKey: api.admin,
      fetch: (input, init) => {
        urls.push(input instanceof Request ? input.url : String(input));
        return fetch(input, init);
      },
    });
    await client.GET('/v1/queues');
    expect(urls).toEqual([`${baseUrl}/v1/queues`]);
  });
});

describe('subscribeSyncEvents', () => {
  test('comes back by itself after every cut, and sees each event once', async () => {
    const syncId = await startOne(api, await connectShop(api));
    await moveSync(api.db, syncId, 'running');
    for (let seq = 0; seq < 20; seq += 1) {
      await api.db.sql`
        INSERT INTO sync_events (sync_id, type, data) VALUES (${syncId}, 'page', jsonb_build_object('seq', ${seq}::integer))`;
    }
    await moveSync(api.db, syncId, 'completed');
    let requests = 0;
    // Every answer breaks off after a few hundred bytes; the first request is refused by a server that is stopping.
    const cutting: typeof fetch = async (input, init) => {
      requests += 1;
      if (requests === 1) return new Response('', { status: 503 });
      const response = await fetch(input, init);
      return response.status === 200 ? new Response(cutAfter(response, 400 + requests * 13)) : response;
    };
    const events: SyncEvent[] = [];
    for await (const event of subscribeSyncEvents({
      baseUrl,
      apiKey: api.admin,
      syncId,
      fetch: cutting,
      maxRetryMs: 1,
    })) {
      events.push(event);
    }
    expect(requests).toBeGreaterThan(3);
    expect(events.at(-1)).toMatchObject({ type: 'done', data: { id: syncId, status: 'completed' } });
    const pages = events.flatMap((event) => (event.type === 'page' ? [event.data.seq] : []));
    expect(pages).toEqual(Array.from({ length: 20 }, (_, seq) => seq));
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  });

  test('ends at once when the sync is over and was seen', async () => {
    const syncId = await startOne(api, await connectShop(api));
    await moveSync(api.db, syncId, 'cancelled');
    const subscribe = async (options: { lastEventId?: string } = {}) => {
      const events: SyncEvent[] = [];
      for await (const event of subscribeSyncEvents({ baseUrl, apiKey: api.admin, syncId, ...options })) {
        events.push(event);
      }
      return events;
    };
    const lastEventId = (await subscribe()).at(-1)?.id ?? '';
    expect(await subscribe({ lastEventId })).toEqual([]);
  });

  test('a refusal is thrown with its code, not tried again', async () => {
    const subscription = subscribeSyncEvents({ baseUrl, apiKey: 'tm_wrong', syncId: 'x' });
    const failure = await subscription.next().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SubscriptionError);
    expect(failure).toMatchObject({ status: 401, code: 'unauthorized' });
  });

  test('ends when its signal is aborted', async () => {
    const syncId = await startOne(api, await connectShop(api));
    const abort = new AbortController();
    const events: string[] = [];
    for await (const event of subscribeSyncEvents({
      baseUrl,
      apiKey: api.admin,
      syncId,
      signal: abort.signal,
    })) {
      events.push(event.type);
      if (event.type === 'progress') abort.abort();
    }
    expect(events).toContain('progress');
  });
});

/** The first bytes of an answer, then a broken connection. */
function cutAfter(response: Response, bytes: number): ReadableStream<Uint8Array> {
  const reader = response.body?.getReader();
  let left = bytes;
  return new ReadableStream({
    pull: async (controller) => {
      const next = await reader?.read();
      if (next === undefined || next.done) return controller.close();
      controller.enqueue(next.value.slice(0, left));
      left -= next.value.length;
      if (left <= 0) {
        await reader?.cancel();
        controller.error(new Error('cut'));
      }
    },
  });
}

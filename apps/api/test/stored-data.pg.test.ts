import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connectShop, type Harness, moveSync, openHarness, startOne } from './harness.ts';
import { sorted } from './sorted.ts';

let api: Harness;
beforeAll(async () => {
  api = await openHarness();
});
afterAll(() => api.close());

async function allOf(url: string): Promise<Record<string, unknown>[]> {
  const seen: Record<string, unknown>[] = [];
  let cursor: string | null = null;
  do {
    const from: string = cursor === null ? url : `${url}&cursor=${cursor}`;
    const page = (await api.ask('GET', from)).json();
    seen.push(...page.data);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return seen;
}

describe('/v1/conversations', () => {
  test('pages by the newest message, also through equal times and conversations without any', async () => {
    const connectionId = await connectShop(api);
    await api.db.sql`
      INSERT INTO messenger_conversations (connection_id, page_id, sender_id, last_message_time)
      SELECT ${connectionId}, 'page-a', 's' || n,
        CASE WHEN n <= 20 THEN '2024-01-01T00:00:00Z'::timestamptz + make_interval(mins => n / 3) END
      FROM generate_series(1, 25) AS n`;
    for (const limit of [1, 7, 20, 21, 200]) {
      const rows = await allOf(`/v1/conversations?connectionId=${connectionId}&limit=${limit}`);
      expect(rows).toHaveLength(25);
      expect(new Set(rows.map((row) => row.id)).size).toBe(25);
      const times = rows.map((row) => String(row.lastMessageTime ?? ''));
      expect(times).toEqual(sorted(times).reverse());
    }
    expect(await allOf('/v1/conversations?pageId=page-a&senderId=s3&limit=9')).toHaveLength(1);
    expect(await allOf('/v1/conversations?pageId=page-b&limit=9')).toHaveLength(0);
  });

  test('the ETag is the version; a matching If-None-Match is 304', async () => {
    const connectionId = await connectShop(api);
    const [row] = await api.db.sql`
      INSERT INTO messenger_conversations (connection_id, page_id, sender_id, version)
      VALUES (${connectionId}, 'page-e', 's', 3) RETURNING id`;
    const url = `/v1/conversations/${row?.id}`;
    const answer = await api.ask('GET', url);
    expect(answer.headers.etag).toBe('"3"');
    expect(answer.json()).toMatchObject({
      id: row?.id,
      pageId: 'page-e',
      senderId: 's',
      version: 3,
      messageCount: 0,
    });
    const same = await api.ask('GET', url, { headers: { 'if-none-match': '"1", W/"3"' } });
    expect([same.statusCode, same.body]).toEqual([304, '']);
    const older = await api.ask('GET', url, { headers: { 'if-none-match': '"2"' } });
    expect(older.statusCode).toBe(200);
  });

  test('events come newest first, each once, also at equal times', async () => {
    const connectionId = await connectShop(api);
    const [row] = await api.db.sql`
      INSERT INTO messenger_conversations (connection_id, page_id, sender_id)
      VALUES (${connectionId}, 'page-m', 's') RETURNING id`;
    await api.db.sql`
      INSERT INTO contact_interaction_events
        (conversation_id, event_type, event_timestamp, message_id, direction, text, as_of, content_hash)
      SELECT ${row?.id}, 'message', '2024-01-01T00:00:00Z'::timestamptz + make_interval(secs => n / 4), 'm' || n,
        'in', 'text ' || n, now(), ''
      FROM generate_series(1, 30) AS n`;
    const events = await allOf(`/v1/conversations/${row?.id}/events?limit=7`);
    expect(new Set(events.map((event) => event.messageId)).size).toBe(30);
    const times = events.map((event) => String(event.eventTimestamp));
    expect(times).toEqual(sorted(times).reverse());
    expect(events[0]).toMatchObject({ eventType: 'message', direction: 'in', version: 1 });
  });
});

test('/v1/quarantine shows the raw record and why it was refused', async () => {
  const connectionId = await connectShop(api);
  await api.db.sql`
    INSERT INTO quarantine (connection_id, stream, external_id, reason, path, raw, fingerprint)
    SELECT ${connectionId}, 'orders', 'o' || n, 'must be a number', '/total', '{"total": "x"}', 'f' || n
    FROM generate_series(1, 3) AS n`;
  const rows = await allOf(`/v1/quarantine?connectionId=${connectionId}&stream=orders&status=open&limit=2`);
  expect(rows).toHaveLength(3);
  expect(rows[0]).toMatchObject({
    reason: 'must be a number',
    path: '/total',
    raw: { total: 'x' },
    seenCount: 1,
  });
  expect(await allOf(`/v1/quarantine?connectionId=${connectionId}&status=replayed&limit=2`)).toEqual([]);
});

describe('/v1/statistics', () => {
  async function finished(
    connectionId: string,
    status: string,
    at: string,
    values: { seconds?: number; read?: number; partial?: boolean } = {},
  ) {
    const syncId = await startOne(api, connectionId);
    await moveSync(api.db, syncId, 'running');
    await moveSync(api.db, syncId, status);
    const { seconds = 10, read = 0, partial = false } = values;
    await api.db.sql`
      UPDATE syncs SET created_at = ${at}::timestamptz, started_at = ${at}::timestamptz,
        finished_at = ${at}::timestamptz + make_interval(secs => ${seconds}), partial = ${partial},
        records_read = ${read}, records_inserted = ${read}, page_count = 1, api_calls = 2
      WHERE id = ${syncId}`;
  }

  test('counts what is stored: totals, success, durations, by day and by connection', async () => {
    const [first, second] = [await connectShop(api), await connectShop(api)];
    await finished(first, 'completed', '2021-03-01T23:59:59Z', { seconds: 10, read: 100 });
    await finished(first, 'completed', '2021-03-02T00:00:00Z', { seconds: 30, read: 50, partial: true });
    await finished(first, 'failed', '2021-03-02T12:00:00Z');
    await finished(second, 'completed', '2021-03-02T13:00:00Z', { seconds: 20 });
    await finished(second, 'cancelled', '2021-03-02T14:00:00Z');
    await finished(second, 'completed', '2021-03-03T00:00:00Z');
    const window = 'since=2021-03-01T00:00:00Z&until=2021-03-03T00:00:00Z';
    const statistics = (await api.ask('GET', `/v1/statistics?${window}`)).json();
    expect(statistics.totals).toMatchObject({
      syncs: 5,
      byStatus: { queued: 0, running: 0, paused: 0, completed: 3, failed: 1, cancelled: 1 },
      partial: 1,
      successRate: 0.5,
      durationSeconds: { average: 20, p50: 20, max: 30 },
      pages: 5,
      apiCalls: 10,
      records: { read: 150, inserted: 150, updated: 0 },
    });
    expect(statistics.byDay.map((day: { day: string; syncs: number }) => [day.day, day.syncs])).toEqual([
      ['2021-03-01', 1],
      ['2021-03-02', 4],
    ]);
    expect(statistics.byConnection).toHaveLength(2);
    const one = (await api.ask('GET', `/v1/statistics?${window}&connectionId=${second}`)).json();
    expect(one.totals).toMatchObject({ syncs: 2, successRate: 1 });
  });

  test('says null instead of inventing a figure', async () => {
    const statistics = (
      await api.ask('GET', '/v1/statistics?since=1999-01-01T00:00:00Z&until=1999-01-02T00:00:00Z')
    ).json();
    expect(statistics).toMatchObject({
      totals: { syncs: 0, successRate: null, durationSeconds: null, records: { read: 0 } },
      byDay: [],
      byConnection: [],
    });
  });

  test.each([
    ['since=2021-01-02T00:00:00Z&until=2021-01-01T00:00:00Z', 'after'],
    ['since=2000-01-01T00:00:00Z&until=2021-01-01T00:00:00Z', '400 days'],
  ])('refuses the window %s', async (query, remedy) => {
    const answer = await api.ask('GET', `/v1/statistics?${query}`);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'invalid_query']);
    expect(answer.json().detail).toContain(remedy);
  });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.ts';
import { openStream, type ReadEvent } from './event-reader.ts';
import { connectShop, type Harness, moveSync, openHarness, startOne } from './harness.ts';

let api: Harness;
let url: string;
beforeAll(async () => {
  // No poll within a test: what arrives was woken by a notification.
  api = await openHarness({ events: { pollMs: 600_000 } });
  url = await api.app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => api.close());

const newSync = async () => startOne(api, await connectShop(api));

/** Commits a page as the engine does: under the lock of the sync's row. */
async function commitPage(syncId: string, seq: number): Promise<void> {
  await api.db.sql.begin(async (tx) => {
    await tx`SELECT 1 FROM syncs WHERE id = ${syncId} FOR UPDATE`;
    await tx`
      INSERT INTO sync_events (sync_id, type, data)
      VALUES (${syncId}, 'page', jsonb_build_object('syncId', ${syncId}::text, 'seq', ${seq}::integer))`;
    await tx`
      UPDATE syncs SET seq = seq + 1, page_count = page_count + 1, records_read = records_read + 1,
        records_inserted = records_inserted + 1 WHERE id = ${syncId}`;
  });
}

const seqs = (events: ReadEvent[]) =>
  events.filter(({ event }) => event === 'page').map(({ data }) => data.seq as number);

function expectStrictlyGrowing(events: ReadEvent[]): void {
  const ids = events.map(({ id }) => id);
  expect(ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? id))).toBe(true);
}

describe('GET /v1/syncs/:id/events', () => {
  test('replays what happened, then sends what happens, and ends after done', async () => {
    const syncId = await newSync();
    await moveSync(api.db, syncId, 'running');
    await commitPage(syncId, 0);
    const stream = await openStream(url, syncId, api.admin);
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    await stream.until(({ event }) => event === 'progress');
    await commitPage(syncId, 1);
    await stream.until(({ data }) => data.seq === 1);
    await moveSync(api.db, syncId, 'completed');
    const events = await stream.rest();
    expectStrictlyGrowing(events);
    expect(seqs(events)).toEqual([0, 1]);
    const transitions = events.filter(({ event }) => event === 'transition').map(({ data }) => data.to);
    expect(transitions).toEqual(['queued', 'running', 'completed']);
    expect(events.at(-1)).toMatchObject({ event: 'done', data: { id: syncId, status: 'completed' } });
    expect(events.at(-1)?.data).toMatchObject({ progress: { pages: 2, records: { read: 2, inserted: 2 } } });
  });

  test('E23 a client that comes back with the last id it saw gets exactly the rest, from wherever it was cut', async () => {
    const syncId = await newSync();
    await moveSync(api.db, syncId, 'running');
    for (let seq = 0; seq < 5; seq += 1) await commitPage(syncId, seq);
    await moveSync(api.db, syncId, 'completed');
    const whole = await (await openStream(url, syncId, api.admin)).rest();
    expect(whole.at(-1)?.event).toBe('done');
    for (const [index, last] of whole.entries()) {
      const rest = await (await openStream(url, syncId, api.admin, last.id)).rest();
      const expected = whole.slice(index + 1).map(({ id, event }) => [id, event]);
      expect(rest.map(({ id, event }) => [id, event])).toEqual(expected);
    }
  });

  test('is told not to come back once it has seen the end', async () => {
    const syncId = await newSync();
    await moveSync(api.db, syncId, 'cancelled');
    const events = await (await openStream(url, syncId, api.admin)).rest();
    const again = await openStream(url, syncId, api.admin, events.at(-1)?.id);
    expect(again.status).toBe(204);
  });

  test('keeps the order and loses nothing while pages are committed and clients come and go', async () => {
    const syncId = await newSync();
    await moveSync(api.db, syncId, 'running');
    const pages = 200;
    const writer = (async () => {
      for (let seq = 0; seq < pages; seq += 1) await commitPage(syncId, seq);
      await moveSync(api.db, syncId, 'completed');
    })();
    const readers = Array.from({ length: 4 }, async (_, reader) => {
      const seen: ReadEvent[] = [];
      for (let visit = 1; seen.at(-1)?.event !== 'done'; visit += 1) {
        const stream = await openStream(url, syncId, api.admin, seen.at(-1)?.id);
        seen.push(...(await stream.until((_event, index) => index > 7 * visit + reader)));
        stream.leave();
      }
      return seen;
    });
    const [, ...seen] = await Promise.all([writer, ...readers]);
    for (const events of seen) {
      expectStrictlyGrowing(events);
      expect(seqs(events)).toEqual(Array.from({ length: pages }, (_, seq) => seq));
    }
  });

  test('takes the id from the query for clients that cannot set headers', async () => {
    const syncId = await newSync();
    await moveSync(api.db, syncId, 'cancelled');
    const whole = await (await openStream(url, syncId, api.admin)).rest();
    const first = whole[0]?.id;
    const response = await api.ask('GET', `/v1/syncs/${syncId}/events?lastEventId=${first}`);
    expect(response.body).not.toContain(`id: ${first}\n`);
    expect(response.body).toContain('event: done');
  });

  test.each(['abc', '-1', '99999999999999'])('refuses %s, which is no id of the stream', async (id) => {
    const syncId = await newSync();
    const answer = await api.ask('GET', `/v1/syncs/${syncId}/events`, { headers: { 'last-event-id': id } });
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'invalid_header']);
  });

  test('opening and closing are in the log with the request id and the number of events', async () => {
    const syncId = await newSync();
    await moveSync(api.db, syncId, 'cancelled');
    const stream = await openStream(url, syncId, api.admin, undefined, 'stream-1');
    expect(stream.headers.get('x-request-id')).toBe('stream-1');
    const events = await stream.rest();
    const lines = await eventually(() => {
      const found = api.log
        .filter((line) => line.includes('"requestId":"stream-1"'))
        .map((line) => JSON.parse(line));
      expect(found.some(({ msg }) => msg === 'event stream closed')).toBe(true);
      return found;
    });
    expect(lines.find(({ msg }) => msg === 'event stream opened')).toMatchObject({ syncId });
    expect(lines.find(({ msg }) => msg === 'event stream closed')).toMatchObject({
      syncId,
      events: events.length,
      reason: 'done',
    });
  });

  test('a client that leaves is noticed', async () => {
    const syncId = await newSync();
    const stream = await openStream(url, syncId, api.admin, undefined, 'leaver');
    await stream.until(({ event }) => event === 'progress');
    stream.leave();
    await eventually(() => {
      expect(api.log.some((line) => line.includes('"leaver"') && line.includes('"reason":"left"'))).toBe(
        true,
      );
    });
  });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openSecret } from '@tidemark/db';
import { connectShop, type Harness, KEYRING, moveSync, openHarness, startOne } from './harness.ts';

let api: Harness;
beforeAll(async () => {
  api = await openHarness();
});
afterAll(() => api.close());

const create = (body: unknown, key = api.admin) => api.ask('POST', '/v1/subscribers', { body, key });
const url = 'https://example.com/hook';

describe('subscribers', () => {
  test('are created with a secret that is shown once and stored sealed', async () => {
    const answer = await create({ url, eventTypes: ['sync.failed'] });
    expect(answer.statusCode).toBe(201);
    const { id, secret, ...shown } = answer.json();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(shown).toMatchObject({ url, eventTypes: ['sync.failed'], status: 'active', failingSince: null });
    const [row] = await api.db.sql<{ secret: string }[]>`SELECT secret FROM subscribers WHERE id = ${id}`;
    expect(row?.secret).not.toContain(secret);
    expect(openSecret(KEYRING, id, row?.secret ?? '')).toBe(secret);
    const read = await api.ask('GET', `/v1/subscribers/${id}`);
    expect(read.json()).toEqual({ id, ...shown });
    expect(read.body + api.log.join('')).not.toContain(secret);
  });

  test.each([
    ['http://example.com/', 'https'],
    ['nonsense', 'https'],
    ['https://me:pw@example.com/', 'password'],
  ])('refuse the address %s and say why', async (bad, word) => {
    const answer = await create({ url: bad });
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'validation_failed']);
    expect(answer.json().errors).toEqual([{ pointer: '/url', message: expect.stringContaining(word) }]);
  });

  test('are changed, disabled, enabled and deleted', async () => {
    const { id } = (await create({ url })).json();
    const patch = (body: unknown) => api.ask('PATCH', `/v1/subscribers/${id}`, { body });
    expect((await patch({ status: 'disabled' })).json()).toMatchObject({
      status: 'disabled',
      disabledReason: 'It was disabled by hand.',
    });
    const enabled = await patch({
      status: 'active',
      url: 'https://b.example/',
      eventTypes: ['sync.completed'],
    });
    expect(enabled.json()).toMatchObject({
      status: 'active',
      disabledReason: null,
      url: 'https://b.example/',
    });
    expect((await patch({ url: 'http://b.example/' })).statusCode).toBe(422);
    expect((await patch({})).statusCode).toBe(422);
    expect((await api.ask('DELETE', `/v1/subscribers/${id}`)).statusCode).toBe(204);
    expect((await patch({ description: 'x' })).statusCode).toBe(404);
  });

  test('belong to their tenant, and only an admin makes them', async () => {
    const { id } = (await create({ url })).json();
    const stranger = await api.newKey(['admin'], await api.newTenant('another'));
    for (const [method, path] of [
      ['GET', `/v1/subscribers/${id}`],
      ['DELETE', `/v1/subscribers/${id}`],
      ['GET', `/v1/subscribers/${id}/deliveries`],
      ['POST', `/v1/subscribers/${id}/deliveries/1/replay`],
    ] as const) {
      expect((await api.ask(method, path, { key: stranger })).statusCode).toBe(404);
    }
    expect((await api.ask('GET', '/v1/subscribers', { key: stranger })).json().data).toEqual([]);
    const reader = await api.newKey(['operations:read']);
    expect((await create({ url }, reader)).statusCode).toBe(403);
  });

  test('are owed the end of a sync, with its counts, and the list shows it', async () => {
    const connectionId = await connectShop(api);
    const { id } = (await create({ url, eventTypes: ['sync.failed', 'connection.needs_reauth'] })).json();
    const syncId = await startOne(api, connectionId);
    await moveSync(api.db, syncId, 'running');
    await api.db
      .sql`UPDATE syncs SET records_read = 3, records_inserted = 3, error_code = 'source_unauthorized',
      error_message = 'no' WHERE id = ${syncId}`;
    await moveSync(api.db, syncId, 'failed');
    await api.db.sql`UPDATE connections SET status = 'needs_reauth' WHERE id = ${connectionId}`;
    const list = (await api.ask('GET', `/v1/subscribers/${id}/deliveries?status=pending`)).json();
    expect(list.data.map((one: { type: string; subject: string }) => [one.type, one.subject])).toEqual([
      ['connection.needs_reauth', `connection ${connectionId}`],
      ['sync.failed', `connection ${connectionId}`],
    ]);
    const [event] = await api.db.sql`
      SELECT e.data FROM outgoing_events e JOIN outgoing_deliveries d ON d.event_id = e.id
      WHERE d.subscriber_id = ${id} AND e.type = 'sync.failed'`;
    expect(event?.data).toMatchObject({
      syncId,
      status: 'failed',
      records: { read: 3, inserted: 3, deleted: 0 },
      error: { code: 'source_unauthorized', message: 'no' },
    });
    const replay = await api.ask('POST', `/v1/subscribers/${id}/deliveries/${list.data[0].id}/replay`);
    expect(replay.statusCode).toBe(202);
    const gone = await api.ask('POST', `/v1/subscribers/${id}/deliveries/999999/replay`);
    expect(gone.statusCode).toBe(404);
  });
});

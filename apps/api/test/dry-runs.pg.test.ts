import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connectShop, type Harness, moveSync, openHarness } from './harness.ts';

let api: Harness;
beforeAll(async () => {
  api = await openHarness();
});
afterAll(() => api.close());

test('E13 a dry run is started like a sync, and is the live one of its connection', async () => {
  const connectionId = await connectShop(api);
  const url = `/v1/connections/${connectionId}/syncs`;
  const started = await api.ask('POST', url, { body: { dryRun: true } });
  expect([started.statusCode, started.json()]).toEqual([
    202,
    expect.objectContaining({ dryRun: true, purpose: 'sync', mode: 'full', status: 'queued' }),
  ]);
  const { id } = started.json();
  const second = await api.ask('POST', url, { body: {} });
  expect([second.statusCode, second.json().activeSyncId]).toEqual([409, id]);
  const state = (await api.ask('GET', `/v1/connections/${connectionId}/state`)).json();
  expect([state.activeSyncId, state.streams]).toEqual([id, []]);
});

test('E26 a verification is a full sync that writes only when it is to repair', async () => {
  const connectionId = await connectShop(api);
  const verify = (body?: unknown) =>
    api.ask('POST', `/v1/connections/${connectionId}/verify`, body === undefined ? {} : { body });
  const looking = await verify();
  expect(looking.statusCode).toBe(202);
  expect(looking.json()).toMatchObject({ purpose: 'verify', dryRun: true, mode: 'full' });
  expect(looking.headers.location).toBe(`/v1/syncs/${looking.json().id}`);
  await moveSync(api.db, looking.json().id, 'cancelled');
  const repairing = await verify({ repair: true });
  expect(repairing.json()).toMatchObject({ purpose: 'verify', dryRun: false, mode: 'full' });
  expect((await verify({ repair: 'yes' })).statusCode).toBe(422);
});

test('E13 samples tell contents only to keys that may read them', async () => {
  const connectionId = await connectShop(api);
  const body = { dryRun: true };
  const { id } = (await api.ask('POST', `/v1/connections/${connectionId}/syncs`, { body })).json();
  const changes = [{ field: 'text', from: null, to: 'private words' }];
  const samples = { inserted: [{ key: { messageId: 'm' }, changes }] };
  await api.db.sql`
    INSERT INTO sync_results (sync_id, stream, records_read, records_inserted, samples)
    VALUES (${id}, 'messages', 1, 1, ${JSON.stringify(samples)}::text::jsonb)`;
  const read = async (key?: string) =>
    (await api.ask('GET', `/v1/syncs/${id}/results`, key === undefined ? {} : { key })).json().data;
  expect(await read()).toMatchObject([{ samples, findings: null }]);
  expect(await read(await api.newKey(['syncs:read', 'data:read']))).toMatchObject([{ samples }]);
  expect(await read(await api.newKey(['syncs:read']))).toMatchObject([
    { samples: { inserted: [{ key: { messageId: 'm' }, changes: null }] } },
  ]);
});

test('E13 what a partial dry run left out is not taken up by a retry', async () => {
  const connectionId = await connectShop(api);
  const body = { dryRun: true };
  const { id } = (await api.ask('POST', `/v1/connections/${connectionId}/syncs`, { body })).json();
  await api.db.sql`UPDATE syncs SET partial = true, failed_pages = 1 WHERE id = ${id}`;
  await moveSync(api.db, id, 'running');
  await moveSync(api.db, id, 'completed');
  const retried = await api.ask('POST', `/v1/syncs/${id}/retry`);
  expect([retried.statusCode, retried.json().code]).toEqual([409, 'illegal_transition']);
});

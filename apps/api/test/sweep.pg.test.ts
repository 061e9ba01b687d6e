import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connectShop, type Harness, moveSync, openHarness, shopBody, startOne } from './harness.ts';
import { sorted } from './sorted.ts';
import { writeConversation } from './stored-records.ts';

let api: Harness;
beforeAll(async () => {
  api = await openHarness();
});
afterAll(() => api.close());

/** A full sync that did not show one of its connection's two conversations, and asks about it. */
async function heldSync() {
  const connectionId = await connectShop(api);
  const syncId = await startOne(api, connectionId);
  await moveSync(api.db, syncId, 'running');
  await moveSync(api.db, syncId, 'completed');
  for (const contact of ['a', 'b']) await writeConversation(api.db, connectionId, 1, { contact });
  const [sweep] = await api.db.sql<{ id: string }[]>`
    INSERT INTO sync_sweeps (
      sync_id, connection_id, stream, kind, walk_started_at, status, would_delete, stored_before, max_share
    )
    VALUES (
      ${syncId}, ${connectionId}, 'orders', 'conversations', now() + interval '1 minute', 'held', 1, 2, 0.2
    )
    RETURNING id`;
  await api.db.sql`INSERT INTO sync_seen VALUES (${sweep?.id ?? ''}, ${`${connectionId} b`}, false)`;
  return { connectionId, syncId };
}

async function contactsOf(connectionId: string, query = ''): Promise<string[]> {
  const answer = await api.ask('GET', `/v1/conversations?connectionId=${connectionId}${query}`);
  return answer.json().data.map(({ senderId }: { senderId: string }) => senderId);
}

describe('POST /v1/syncs/:id/sweep', () => {
  test('carries out what the guard stopped, once', async () => {
    const { connectionId, syncId } = await heldSync();
    const asking = (await api.ask('GET', `/v1/syncs/${syncId}`)).json();
    expect(asking.sweeps).toEqual([
      expect.objectContaining({
        status: 'held',
        wouldDelete: 1,
        of: 2,
        share: 0.5,
        maxShare: 0.2,
        deleted: 0,
      }),
    ]);
    expect(sorted(await contactsOf(connectionId))).toEqual(['a', 'b']);

    const answer = await api.ask('POST', `/v1/syncs/${syncId}/sweep`);
    expect(answer.statusCode).toBe(200);
    expect(answer.json().sweeps).toEqual([expect.objectContaining({ status: 'swept', deleted: 1 })]);
    expect(answer.json().progress.records.deleted).toBe(1);
    const again = await api.ask('POST', `/v1/syncs/${syncId}/sweep`);
    expect([again.statusCode, again.json().code]).toEqual([409, 'sweep_not_held']);
  });

  test('refuses what a later full sync took the place of, and says so', async () => {
    const { syncId } = await heldSync();
    await api.db.sql`UPDATE sync_sweeps SET status = 'superseded' WHERE sync_id = ${syncId}`;
    const answer = await api.ask('POST', `/v1/syncs/${syncId}/sweep`);
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'sweep_not_held']);
    expect(answer.json().detail).toContain('later full sync');
  });

  test('deleted conversations are listed only when asked for, and can be read by id', async () => {
    const { connectionId, syncId } = await heldSync();
    await api.ask('POST', `/v1/syncs/${syncId}/sweep`);
    expect(await contactsOf(connectionId)).toEqual(['b']);
    expect(await contactsOf(connectionId, '&deleted=only')).toEqual(['a']);
    expect(sorted(await contactsOf(connectionId, '&deleted=include'))).toEqual(['a', 'b']);
    const list = await api.ask('GET', `/v1/conversations?connectionId=${connectionId}&deleted=only`);
    const [{ id }] = list.json().data;
    expect((await api.ask('GET', `/v1/conversations/${id}`)).json().deletedAt).not.toBeNull();
  });
});

test('the share a sweep may delete unasked is a setting of the connection', async () => {
  const created = await api.ask('POST', '/v1/connections', {
    body: shopBody({ config: { shopId: '99001' }, sweepMaxShare: 0.05 }),
  });
  expect([created.statusCode, created.json().sweepMaxShare]).toEqual([201, 0.05]);
  const path = `/v1/connections/${created.json().id}`;
  const changed = await api.ask('PATCH', path, { body: { sweepMaxShare: 1 } });
  expect(changed.json().sweepMaxShare).toBe(1);
  expect((await api.ask('PATCH', path, { body: { name: 'other' } })).json().sweepMaxShare).toBe(1);
  const refused = await api.ask('PATCH', path, { body: { sweepMaxShare: 1.2 } });
  expect([refused.statusCode, refused.json().errors]).toMatchObject([422, [{ pointer: '/sweepMaxShare' }]]);
  const id = await connectShop(api);
  expect((await api.ask('GET', `/v1/connections/${id}`)).json().sweepMaxShare).toBe(0.2);
});

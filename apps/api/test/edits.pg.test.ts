import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connectShop, type Harness, openHarness } from './harness.ts';
import { writeConversation } from './stored-records.ts';

let api: Harness;
beforeAll(async () => {
  api = await openHarness();
});
afterAll(() => api.close());

const JSON_HEADERS = { 'content-type': 'application/json' };

async function connection(policy: string): Promise<string> {
  const connectionId = await connectShop(api);
  await api.ask('PATCH', `/v1/connections/${connectionId}`, { body: { conflictPolicy: policy } });
  return connectionId;
}

function patch(id: string, etag: string | null, body: unknown, key = api.admin) {
  const headers = { ...JSON_HEADERS, ...(etag === null ? {} : { 'if-match': etag }) };
  return api.ask('PATCH', `/v1/conversations/${id}`, { key, body, headers });
}

describe('PATCH /v1/conversations/:id', () => {
  test('200 with the new ETag, which a GET has too; the old one is 304 no more', async () => {
    const id = await writeConversation(api.db, await connection('manual'), 1, { name: 'Ann' });
    const answer = await patch(id, '"1"', { senderName: '  Anna ', conversationStatus: 'done' });
    expect([answer.statusCode, answer.headers.etag]).toEqual([200, '"2"']);
    expect(answer.json()).toMatchObject({
      senderName: 'Anna',
      conversationStatus: 'done',
      version: 2,
      localEdits: { senderName: { value: 'Anna', sourceValue: 'Ann' } },
    });
    const url = `/v1/conversations/${id}`;
    expect((await api.ask('GET', url, { headers: { 'if-none-match': '"2"' } })).statusCode).toBe(304);
    const changed = await api.ask('GET', url, { headers: { 'if-none-match': '"1"' } });
    expect([changed.statusCode, changed.headers.etag]).toEqual([200, '"2"']);
    expect(changed.json()).toEqual(answer.json());
  });

  test.each([null, '*', ','])('428 Precondition Required when If-Match is %p', async (etag) => {
    const id = await writeConversation(api.db, await connection('manual'), 1);
    const answer = await patch(id, etag, { senderName: 'Anna' });
    expect([answer.statusCode, answer.json().code]).toEqual([428, 'precondition_required']);
  });

  test.each(['"1"', 'W/"2"', '2', '"x"', '"1", W/"2"'])(
    '412 Precondition Failed with the current version when If-Match is %s and the version is 2',
    async (etag) => {
      const id = await writeConversation(api.db, await connection('manual'), 1);
      await patch(id, '"1"', { senderName: 'Anna' });
      const answer = await patch(id, etag, { senderName: 'Hanna' });
      expect([answer.statusCode, answer.json().code]).toEqual([412, 'precondition_failed']);
      expect(answer.json().currentVersion).toBe(2);
    },
  );

  test('412 Precondition Failed also when it was the source that changed the conversation', async () => {
    const connectionId = await connection('local_wins');
    const id = await writeConversation(api.db, connectionId, 1);
    await writeConversation(api.db, connectionId, 2);
    expect((await patch(id, '"1"', { senderName: 'Anna' })).statusCode).toBe(412);
    expect((await patch(id, '"1", "2"', { senderName: 'Anna' })).statusCode).toBe(200);
  });

  test('of ten at the same version one is 200, the others 412', async () => {
    const id = await writeConversation(api.db, await connection('manual'), 1);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => patch(id, '"1"', { senderName: `Name ${index}` })),
    );
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, ...Array(9).fill(412)]);
    const [won] = answers.filter((answer) => answer.statusCode === 200);
    expect((await api.ask('GET', `/v1/conversations/${id}`)).json()).toEqual(won?.json());
  });

  test.each([
    [{}, ''],
    [{ senderName: '' }, '/senderName'],
    [{ senderName: 'x'.repeat(201) }, '/senderName'],
    [{ conversationStatus: ' ' }, '/conversationStatus'],
    [{ conversationStatus: 7 }, '/conversationStatus'],
    [{ lastMessage: 'no' }, '/lastMessage'],
  ])('422 for %j', async (body, pointer) => {
    const id = await writeConversation(api.db, await connection('manual'), 1);
    const answer = await patch(id, '"1"', body);
    expect([answer.statusCode, answer.json().errors[0].pointer]).toEqual([422, pointer]);
  });

  test('403 without data:write, 404 for another tenant', async () => {
    const id = await writeConversation(api.db, await connection('manual'), 1);
    const reader = await api.newKey(['data:read']);
    expect((await patch(id, '"1"', { senderName: 'Anna' }, reader)).statusCode).toBe(403);
    const stranger = await api.newKey(['admin'], await api.newTenant('stranger of edits'));
    expect((await patch(id, '"1"', { senderName: 'Anna' }, stranger)).statusCode).toBe(404);
    expect((await api.ask('GET', `/v1/conversations/${id}`)).json().version).toBe(1);
  });
});

describe('/v1/conflicts', () => {
  /** A conversation whose two fields are edited, and changed by the source since. */
  async function conflicting(connectionId: string): Promise<{ recordId: string; conflictId: string }> {
    const recordId = await writeConversation(api.db, connectionId, 1, { name: 'Ann', status: 'open' });
    await patch(recordId, '"1"', { senderName: 'Anna', conversationStatus: 'mine' });
    await writeConversation(api.db, connectionId, 2, { name: 'Annie', status: 'closed' });
    const [conflict] = (await list(`connectionId=${connectionId}&status=open`)).json().data;
    return { recordId, conflictId: conflict.id };
  }
  const list = (query: string, key = api.admin) => api.ask('GET', `/v1/conflicts?${query}`, { key });
  const resolve = (id: string, body: unknown, key = api.admin) =>
    api.ask('POST', `/v1/conflicts/${id}/resolve`, { key, body });

  test('live from a source change to a choice, and stay readable', async () => {
    const connectionId = await connection('manual');
    const { recordId, conflictId } = await conflicting(connectionId);
    const [open] = (await list(`connectionId=${connectionId}&status=open`)).json().data;
    expect(open).toMatchObject({
      id: conflictId,
      stream: 'conversations',
      recordId,
      baseVersion: 1,
      status: 'open',
      resolution: null,
      resolvedAt: null,
      fields: { senderName: { source: 'Annie', local: 'Anna', base: 'Ann' } },
    });
    const fields = { senderName: 'local', conversationStatus: 'source' };
    const answer = await resolve(conflictId, { resolution: 'merge', fields });
    expect([answer.statusCode, answer.json().status, answer.json().resolution]).toEqual([
      200,
      'resolved',
      'merge',
    ]);
    const conversation = (await api.ask('GET', `/v1/conversations/${recordId}`)).json();
    expect(conversation).toMatchObject({ senderName: 'Anna', conversationStatus: 'closed', version: 4 });

    const again = await resolve(conflictId, { resolution: 'source' });
    expect([again.statusCode, again.json().code, again.json().resolution]).toEqual([
      409,
      'conflict_resolved',
      'merge',
    ]);
    expect((await list(`connectionId=${connectionId}&status=open`)).json().data).toEqual([]);
    expect((await list(`connectionId=${connectionId}&status=resolved`)).json().data).toHaveLength(1);
  });

  test('resolved by ten at once are resolved by one', async () => {
    const { conflictId } = await conflicting(await connection('manual'));
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => resolve(conflictId, { resolution: 'source' })),
    );
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, ...Array(9).fill(409)]);
  });

  test.each([
    [{ resolution: 'mine' }, '/resolution'],
    [{ resolution: 'source', fields: { senderName: 'local' } }, '/fields'],
    [{ resolution: 'merge' }, '/fields'],
    [
      { resolution: 'merge', fields: { senderName: 'theirs', conversationStatus: 'local' } },
      '/fields/senderName',
    ],
    [{ resolution: 'merge', fields: { graphId: 'local' } }, '/fields/graphId'],
    [{ resolution: 'merge', fields: { senderName: 'local' } }, '/fields/conversationStatus'],
  ])('refuse %j', async (body, pointer) => {
    const { conflictId } = await conflicting(await connection('manual'));
    const answer = await resolve(conflictId, body);
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'validation_failed']);
    expect(answer.json().errors[0].pointer).toBe(pointer);
  });

  test('are paged, newest first, and refuse an unknown status', async () => {
    const connectionId = await connection('source_wins');
    for (let round = 0; round < 5; round += 1) {
      const id = await writeConversation(api.db, connectionId, 1, { contact: `c${round}` });
      await patch(id, '"1"', { senderName: 'Mine' });
      await writeConversation(api.db, connectionId, 2, { contact: `c${round}` });
    }
    const first = (await list(`connectionId=${connectionId}&limit=3`)).json();
    const rest = (await list(`connectionId=${connectionId}&limit=3&cursor=${first.nextCursor}`)).json();
    const all = [...first.data, ...rest.data];
    expect([all.length, rest.nextCursor]).toEqual([5, null]);
    expect(all.map((row) => row.resolution)).toEqual(Array(5).fill('policy'));
    const ids: string[] = all.map((row) => row.id);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => (a < b ? 1 : -1)));
    expect((await list('status=closed')).json().code).toBe('invalid_query');
  });

  test('are seen by their tenant alone, and resolved with data:write alone', async () => {
    const { conflictId } = await conflicting(await connection('manual'));
    const stranger = await api.newKey(['admin'], await api.newTenant('stranger of conflicts'));
    expect((await list('limit=200', stranger)).json().data).toEqual([]);
    expect((await resolve(conflictId, { resolution: 'source' }, stranger)).statusCode).toBe(404);
    const reader = await api.newKey(['data:read']);
    expect((await resolve(conflictId, { resolution: 'source' }, reader)).statusCode).toBe(403);
    expect(
      (await list('status=open&limit=200', reader)).json().data.map((row: { id: string }) => row.id),
    ).toContain(conflictId);
  });
});

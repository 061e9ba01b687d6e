import { afterEach, expect, test } from '@jest/globals';
import {
  appSecretProof,
  createManualClock,
  type GraphSimulator,
  type PageSpec,
  startGraphSimulator,
} from '../src/index.ts';
import { get, PAGE, TOKEN } from './reader.ts';

const open: GraphSimulator[] = [];
afterEach(async () => {
  for (const sim of open.splice(0)) await sim.close();
});

async function start(page: Partial<PageSpec> = {}): Promise<GraphSimulator> {
  const first = { pageId: PAGE, accessToken: TOKEN, conversations: 3, ...page };
  const second = { pageId: '200', accessToken: 'OTHER', conversations: 3 };
  const sim = await startGraphSimulator({ pages: [first, second] });
  open.push(sim);
  return sim;
}

async function call(sim: GraphSimulator, path: string, init?: RequestInit): Promise<unknown> {
  const { status, json } = await get(sim, `${sim.url}${path}`, init);
  return [status, json.error?.code, json.error?.error_subcode];
}

test('a token is taken from the query or from the header', async () => {
  const sim = await start();
  const headers = { authorization: `Bearer ${TOKEN}` };
  expect((await get(sim, `${sim.url}/v26.0/me`, { headers })).json).toEqual({
    id: PAGE,
    name: `Page ${PAGE}`,
  });
  expect((await get(sim, `${sim.url}/${PAGE}?access_token=${TOKEN}&fields=name`)).json.name).toBe(
    `Page ${PAGE}`,
  );
  const edge = await get(sim, `${sim.url}/v26.0/${PAGE}/conversations?limit=1`, { headers });
  expect(edge.json.paging?.next).toContain(`access_token=${TOKEN}`);
});

test('missing, unknown, foreign and ended tokens', async () => {
  const sim = await start();
  const edge = `/v26.0/${PAGE}/conversations`;
  expect(await call(sim, edge)).toEqual([400, 104, undefined]);
  expect(await call(sim, `${edge}?access_token=nonsense`)).toEqual([400, 190, undefined]);
  expect(await call(sim, `${edge}?access_token=OTHER`)).toEqual([403, 200, undefined]);
  sim.configure({ foreignToken: '190' }, PAGE);
  expect(await call(sim, `${edge}?access_token=OTHER`)).toEqual([400, 190, undefined]);
  sim.source.expireToken(PAGE, 460);
  expect(await call(sim, `${edge}?access_token=${TOKEN}`)).toEqual([400, 190, 460]);
  sim.source.renewToken(PAGE, 'FRESH');
  expect(await call(sim, `${edge}?access_token=${TOKEN}`)).toEqual([400, 190, undefined]);
  expect(await call(sim, `${edge}?access_token=FRESH`)).toEqual([200, undefined, undefined]);
});

test('a required proof must be there and must be right', async () => {
  const sim = await start({ appSecret: 'shh', requireProof: true });
  const path = `${sim.url}/v26.0/${PAGE}/conversations?access_token=${TOKEN}`;
  const without = await get(sim, path);
  expect(without.json.error).toMatchObject({
    code: 100,
    type: 'GraphMethodException',
    message: 'API calls from the server require an appsecret_proof argument',
  });
  const wrong = await get(sim, `${path}&appsecret_proof=${appSecretProof(TOKEN, 'other')}`);
  expect(wrong.json.error).toMatchObject({
    code: 100,
    type: 'GraphMethodException',
    message: 'Invalid appsecret_proof provided in the API argument',
  });
  const right = await get(sim, `${path}&limit=1&appsecret_proof=${appSecretProof(TOKEN, 'shh')}`);
  expect(right.status).toBe(200);
  expect(right.json.paging?.next).not.toContain('appsecret_proof');
});

test('a wrong proof is refused even where none is required', async () => {
  const sim = await start({ appSecret: 'shh' });
  expect(await call(sim, `/me?access_token=${TOKEN}`)).toEqual([200, undefined, undefined]);
  expect(await call(sim, `/me?access_token=${TOKEN}&appsecret_proof=00`)).toEqual([400, 100, undefined]);
  expect(() => sim.addPage({ pageId: '9', conversations: 1, requireProof: true })).toThrow('appSecret');
});

test('versions: any or none by default, deprecated ones refused when told', async () => {
  const sim = await start();
  expect(await call(sim, `/v2.0/me?access_token=${TOKEN}`)).toEqual([200, undefined, undefined]);
  sim.configure({ minimumVersion: 'v21.0' });
  expect(await call(sim, `/v20.0/me?access_token=${TOKEN}`)).toEqual([400, 2635, undefined]);
  expect(await call(sim, `/v21.0/me?access_token=${TOKEN}`)).toEqual([200, undefined, undefined]);
});

test('objects, edges and fields that do not exist', async () => {
  const sim = await start();
  const id = sim.ledger.expected(PAGE).conversations[0]?.graphId;
  expect(await call(sim, `/t_1?access_token=${TOKEN}`)).toEqual([400, 100, 33]);
  expect(await call(sim, `/${id}/likes?access_token=${TOKEN}`)).toEqual([400, 100, 33]);
  expect(await call(sim, `/${PAGE}/feed?access_token=${TOKEN}`)).toEqual([400, 2500, undefined]);
  expect(await call(sim, `/${PAGE}/messages?access_token=${TOKEN}`)).toEqual([400, 2500, undefined]);
  expect(await call(sim, `/${id}?access_token=${TOKEN}&fields=shoe_size`)).toEqual([400, 100, undefined]);
  expect(await call(sim, `/${id}?access_token=${TOKEN}&fields=id{`)).toEqual([400, 2500, undefined]);
  expect(await call(sim, `/${id}?access_token=${TOKEN}`, { method: 'DELETE' })).toEqual([
    400,
    100,
    undefined,
  ]);
});

test('subscribed_apps keeps what was subscribed', async () => {
  const sim = await start();
  const path = `${sim.url}/v26.0/${PAGE}/subscribed_apps?access_token=${TOKEN}`;
  expect((await get(sim, path)).json.data).toEqual([]);
  const body = new URLSearchParams({ subscribed_fields: 'messages,message_reads' });
  expect((await get(sim, path, { method: 'POST', body })).json).toEqual({ success: true });
  expect((await get(sim, path)).json.data).toMatchObject([
    { subscribed_fields: ['messages', 'message_reads'] },
  ]);
  expect((await get(sim, path, { method: 'POST' })).json.error?.code).toBe(100);
  expect((await get(sim, path, { method: 'DELETE' })).json).toEqual({ success: true });
  expect((await get(sim, path)).json.data).toEqual([]);
});

test('every answer carries the date of the simulated clock', async () => {
  const clock = createManualClock(Date.parse('2026-07-01T10:00:00.900Z'));
  const sim = await startGraphSimulator({ clock });
  open.push(sim);
  expect((await get(sim, '/me')).headers.get('date')).toBe('Wed, 01 Jul 2026 10:00:00 GMT');
  clock.advance(60_000);
  expect((await get(sim, '/me')).headers.get('date')).toBe('Wed, 01 Jul 2026 10:01:00 GMT');
});

test('message and conversation nodes show what is asked for, and leave out what is empty', async () => {
  const sim = await start();
  const [first] = sim.ledger.expected(PAGE).conversations;
  const fields = 'link,message_count,unread_count,snippet,can_reply,wallpaper,participants{id}';
  const node = await get(sim, `/v26.0/${first?.graphId}?fields=${fields}`);
  expect(node.json).toMatchObject({
    id: first?.graphId,
    message_count: first?.messages.length,
    can_reply: true,
    participants: { data: [{ id: first?.contactId }, { id: PAGE }] },
  });
  expect(node.json).not.toHaveProperty('wallpaper');
  const extras = { attachments: [{ id: '7', mime_type: 'image/png', image_data: { url: 'u', width: 1 } }] };
  const added = sim.source.addMessage({
    conversationId: first?.graphId,
    text: 'see',
    fromPage: true,
    extras,
  });
  const all = 'message,from{name},to{id},attachments{image_data{url}},shares,tags,sticker';
  expect((await get(sim, `/v26.0/${added.id}?fields=${all}`)).json).toEqual({
    message: 'see',
    from: { name: `Page ${PAGE}`, id: PAGE },
    to: { data: [{ id: first?.contactId }] },
    attachments: { data: [{ image_data: { url: 'u' }, id: '7' }] },
    id: added.id,
  });
  expect(Object.keys((await get(sim, `/v26.0/${added.id}`)).json)).toEqual(['id', 'created_time']);
});

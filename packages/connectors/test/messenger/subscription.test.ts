import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AccountContext, SourceRequest } from '@tidemark/core/connector';
import { SourceError } from '@tidemark/core/failure';
import { type GraphSimulator, startGraphSimulator } from '@tidemark/sandbox';
import type { MessengerConfig, MessengerCredentials } from '../../src/messenger/config.ts';
import { pageSubscription } from '../../src/messenger/subscription.ts';

const PAGE_ID = '100000000000001';
const API = { graphUrl: 'http://graph.invalid', graphVersion: 'v26.0' };
const CONFIG: MessengerConfig = { pageId: PAGE_ID, pageSize: 25, messagesPerConversation: 25 };
const CREDENTIALS: MessengerCredentials = { accessToken: 'TOKEN', appSecret: 'SECRET' };

let simulator: GraphSimulator;
beforeAll(async () => {
  const page = {
    accessToken: 'TOKEN',
    appSecret: 'SECRET',
    requireProof: true,
    conversations: 3,
    messages: 9,
  };
  const fields = ['messages', 'messaging_handovers'];
  simulator = await startGraphSimulator({ pages: [{ ...page, pageId: PAGE_ID, subscribedFields: fields }] });
});
afterAll(() => simulator.close());

/** A context that asks this, or the simulator. */
function contextOf(
  answer?: (request: SourceRequest) => string,
  config = CONFIG,
): AccountContext<MessengerConfig, MessengerCredentials> {
  const ask = async (request: SourceRequest): Promise<string> => {
    if (answer !== undefined) return answer(request);
    const { url, method = 'GET', headers = {} } = request;
    return (await fetch(url, { method, headers })).text();
  };
  const io = {
    fetch: async (request: SourceRequest) => ({
      status: 200,
      headers: {},
      body: await ask(request),
      answeredAtMs: 7,
    }),
  };
  return { config, credentials: CREDENTIALS, io, signal: new AbortController().signal };
}

describe('M26 the subscription of a Page', () => {
  test('what is missing is subscribed to beside what is there already, with proof of the secret', async () => {
    const subscription = pageSubscription({ ...API, graphUrl: simulator.url });
    const before = await subscription.check(contextOf());
    expect(before.subscribed).toEqual(['messages', 'messaging_handovers']);
    expect(before.missing).toContain('message_edits');
    expect(before.missing).not.toContain('messages');
    await subscription.renew(contextOf(), before);
    const after = await subscription.check(contextOf());
    expect(after.missing).toEqual([]);
    expect(after.subscribed).toContain('messaging_handovers');
  });

  test('the news are the time of the newest conversation, and of the answer', async () => {
    const subscription = pageSubscription({ ...API, graphUrl: simulator.url });
    const { conversations } = simulator.ledger.expected(PAGE_ID);
    const newest = Math.max(...conversations.map(({ updatedTime }) => Date.parse(updatedTime)));
    expect(await subscription.news(contextOf())).toEqual({ newestMs: newest, answeredAtMs: 7 });
    expect(await subscription.news(contextOf(() => '{"data":[]}'))).toEqual({
      newestMs: null,
      answeredAtMs: 7,
    });
  });

  test('of several apps any one passes for ours, unless ours is named', async () => {
    const { check } = pageSubscription(API);
    const body = JSON.stringify({ data: [{ id: 1, subscribed_fields: ['messages'] }, { id: '2' }] });
    expect((await check(contextOf(() => body))).subscribed).toEqual(['messages']);
    const named = contextOf(() => body, { ...CONFIG, appId: '2' });
    expect((await check(named)).subscribed).toEqual([]);
  });

  test.each(['{"data":[{"name":"x"}]}', '{"data":{}}', '{"error":{"code":10}}'])(
    'an answer that cannot be read is not taken for none: %s',
    async (body) => {
      await expect(pageSubscription(API).check(contextOf(() => body))).rejects.toThrow(SourceError);
    },
  );

  test('it is watched over unless the configuration says otherwise', () => {
    const { isWanted } = pageSubscription(API);
    expect([isWanted(CONFIG), isWanted({ ...CONFIG, webhooks: false })]).toEqual([true, false]);
  });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { memoryPositions, type SourceAnswer, type SourceIo } from '@tidemark/core/connector';
import type { SchemaReading } from '@tidemark/core/validation';
import { messengerConnector } from '@tidemark/connectors';
import { type GraphSimulator, startGraphSimulator } from '@tidemark/sandbox';
import { graphConversation, graphEdge, graphMessage } from '../../src/messenger/graph-schemas.ts';
import { variationsOf } from '../../src/messenger/graph-variations.ts';

const AT = '2022-07-12T19:11:07+0000';
const PEOPLE = [
  { id: '1001', name: 'The Page' },
  { id: '77', name: 'Ann' },
];
const MESSAGES = { data: [{ id: 'm' }], paging: { cursors: { after: 'A' } } };
const CONVERSATION = { id: 't', updated_time: AT, participants: { data: PEOPLE }, messages: MESSAGES };
const MESSAGE = { id: 'm', created_time: AT, from: PEOPLE[1], message: 'hi' };

describe('a conversation', () => {
  test.each<[string, object]>([
    ['as documented', {}],
    ['without nested messages', { messages: undefined }],
    ['whose messages are none, and so have no paging', { messages: { data: [] } }],
    ['with fields we do not know', { link: '/x', participants: { data: PEOPLE, paging: {} } }],
  ])('E27: %s passes', (_, change) => {
    const raw = JSON.parse(JSON.stringify({ ...CONVERSATION, ...change }));
    expect(variationsOf.conversation(raw)).toEqual([]);
  });

  test.each<[string, object, string[]]>([
    ['participants as a bare array', { participants: PEOPLE }, ['/participants']],
    ['numbers as ids', { participants: { data: [{ id: 1001 }, { id: 77 }] } }, ['/participants/data/*/id']],
    ['messages without paging', { messages: { data: [{}, {}] } }, ['/messages/paging']],
    ['messages as a bare array', { messages: [{}] }, ['/messages']],
    [
      'another form of time and a number as id',
      { id: 5, updated_time: 1657653067 },
      ['/id', '/updated_time'],
    ],
  ])('E27: %s: read, and told', (_, change, places) => {
    const raw = { ...CONVERSATION, ...change };
    expect(graphConversation.safeParse(raw).success).toBe(true);
    expect(variationsOf.conversation(raw)).toEqual(places);
  });
});

describe('a message', () => {
  test.each<[string, unknown, string[]]>([
    ['as documented', MESSAGE, []],
    ['that is no longer detailed', { id: 'm', created_time: AT }, []],
    ['of a deleted account', { ...MESSAGE, from: { name: 'Facebook User' } }, ['/from/id']],
    ['with numbers', { ...MESSAGE, id: 5, from: { id: 77 } }, ['/id', '/from/id']],
  ])('%s', (_, raw, places) => {
    expect(graphMessage.safeParse(raw).success).toBe(true);
    expect(variationsOf.message(raw)).toEqual(places);
  });
});

describe('an answer', () => {
  test.each<[string, unknown, string[]]>([
    ['as documented', MESSAGES, []],
    ['that is empty', { data: [] }, []],
    ['as a bare array', [{}], ['/']],
    ['without paging', { data: [{}] }, ['/paging']],
  ])('%s', (_, raw, places) => {
    expect(graphEdge.safeParse(raw).success).toBe(true);
    expect(variationsOf.edge(raw)).toEqual(places);
  });
});

describe('a walk over a Page with every oddity', () => {
  const pageId = '100000000000001';
  let simulator: GraphSimulator;
  beforeAll(async () => {
    simulator = await startGraphSimulator({
      seed: 11,
      pages: [{ pageId, accessToken: 'TOKEN', conversations: 40, messages: 200, odd: true }],
    });
  });
  afterAll(() => simulator.close());

  test('E27: tells what was read by which fallback, and passes what is documented', async () => {
    const [stream] = messengerConnector({ graphUrl: simulator.url, graphVersion: 'v26.0' }).streams;
    const config = { pageId, pageSize: 10, messagesPerConversation: 50 };
    const credentials = { accessToken: 'TOKEN' };
    const { signal } = new AbortController();
    const seen: SchemaReading[] = [];
    let checkpoint = stream?.start({ config, watermark: null });
    while (stream !== undefined && checkpoint !== null) {
      const positions = memoryPositions(new Map());
      const page = await stream.fetchPage({ config, credentials, checkpoint, io, positions, signal });
      seen.push(...(page.validation ?? []));
      checkpoint = page.next;
    }
    const of = (kind: string, schema: string) =>
      seen.filter((one) => one.kind === kind && one.schema === schema);
    const sum = (readings: SchemaReading[], pick: (one: SchemaReading) => number) =>
      readings.reduce((all, one) => all + pick(one), 0);
    const conversations = of('record', 'conversations');
    const fallbacks = conversations.flatMap((one) => Object.keys(one.fallbacks));
    expect(new Set(fallbacks)).toEqual(
      new Set(['/participants', '/participants/data/*/id', '/messages/paging']),
    );
    // Small and huge numbers as ids, a bare array, and no paging.
    expect(sum(conversations, (one) => one.repaired)).toBe(4);
    expect(sum(conversations, (one) => one.quarantined)).toBe(6);
    expect(sum(of('record', 'messages'), (one) => one.quarantined)).toBe(1);
    expect(sum(of('response', 'conversations'), (one) => one.repaired)).toBe(0);
  });
});

const io: SourceIo = {
  fetch: async ({ url, headers }): Promise<SourceAnswer> => {
    const response = await fetch(url, { headers: headers ?? {} });
    const body = await response.text();
    return { status: response.status, headers: Object.fromEntries(response.headers), body, answeredAtMs: 0 };
  },
};

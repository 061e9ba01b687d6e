import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { messengerConnector } from '@tidemark/connectors';
import {
  type AnyStream,
  memoryPositions,
  type Page,
  type SourceAnswer,
  type SourceIo,
} from '@tidemark/core/connector';
import { type GraphSimulator, startGraphSimulator } from '@tidemark/sandbox';
import { type MessengerCheckpoint, startWalk } from '../../src/messenger/checkpoint.ts';
import { endOfWalk } from '../../src/messenger/closing.ts';

let source: GraphSimulator;
let stream: AnyStream;
let pages = 0;
beforeAll(async () => {
  source = await startGraphSimulator({ seed: 17 });
  const [only] = messengerConnector({ graphUrl: source.url, graphVersion: 'v26.0' }).streams;
  if (only === undefined) throw new Error('the connector has no stream');
  stream = only;
});
afterAll(() => source.close());

const io: SourceIo = {
  fetch: async ({ url, headers }): Promise<SourceAnswer> => {
    const response = await fetch(url, { headers: headers ?? {} });
    const body = await response.text();
    return { status: response.status, headers: Object.fromEntries(response.headers), body, answeredAtMs: 0 };
  },
};

function newPage(conversations: number): string {
  pages += 1;
  const pageId = String(100_000_000_000_700 + pages);
  source.addPage({ pageId, accessToken: `TOKEN-${pageId}`, conversations, messages: conversations * 3 });
  return pageId;
}

interface Walk {
  isWhole: boolean | undefined;
  calls: number;
  contacts: Set<string>;
  messages: Set<string>;
}

/** A full walk; `between` is called before each call, with the number of calls so far. */
async function walk(pageId: string, between: (calls: number) => void = () => {}): Promise<Walk> {
  const config = { pageId, pageSize: 10, messagesPerConversation: 2 };
  const found: Walk = { isWhole: undefined, calls: 0, contacts: new Set(), messages: new Set() };
  let checkpoint: unknown = stream.start({ config, watermark: null });
  while (checkpoint !== null) {
    between(found.calls);
    const page: Page<unknown, unknown> = await stream.fetchPage({
      ...{ config, checkpoint, io, positions: memoryPositions(new Map()) },
      credentials: { accessToken: `TOKEN-${pageId}` },
      signal: new AbortController().signal,
    });
    found.calls += 1;
    for (const row of page.records.flatMap((group) => (group.kind === 'conversations' ? group.rows : []))) {
      found.contacts.add(row.senderId);
      for (const { messageId } of row.events) if (messageId !== null) found.messages.add(messageId);
    }
    found.isWhole = page.isWhole;
    checkpoint = page.next === null ? null : stream.checkpoint.parse(JSON.parse(JSON.stringify(page.next)));
  }
  return found;
}

function expectAll(pageId: string, { contacts, messages }: Walk): void {
  const { conversations } = source.ledger.expected(pageId);
  expect(contacts).toEqual(new Set(conversations.map(({ contactId }) => contactId)));
  expect(messages).toEqual(new Set(conversations.flatMap((one) => one.messages.map(({ id }) => id))));
}

describe('a full walk proves that it saw everything', () => {
  test('in one call, where one is enough', async () => {
    const pageId = newPage(3);
    source.reset();
    const found = await walk(pageId);
    expect(found.isWhole).toBe(true);
    expect(source.ledger.calls({ pageId, edge: 'conversations' })).toHaveLength(1);
    expectAll(pageId, found);
  });

  test('with one round more, where nothing moved', async () => {
    const pageId = newPage(45);
    source.reset();
    const found = await walk(pageId);
    expect(found.isWhole).toBe(true);
    expect(source.ledger.calls({ pageId, edge: 'conversations' })).toHaveLength(6);
    expectAll(pageId, found);
  });

  test('M24 also when a conversation it had not come to jumps to the top', async () => {
    const pageId = newPage(45);
    const last = source.ledger.expected(pageId).conversations.at(-1)?.graphId;
    const found = await walk(pageId, (calls) => {
      if (calls === 2) source.source.addMessage({ conversationId: last });
    });
    expect(found.isWhole).toBe(true);
    expectAll(pageId, found);
  });

  test('L8 not on a Page on which more happens than a few rounds can catch up with', () => {
    const config = { pageId: '1', pageSize: 10, messagesPerConversation: 2 };
    const top = { time: '2026-01-01T00:00:00.000Z', graphIds: [] };
    let walked: MessengerCheckpoint = { ...startWalk(config, null), listed: true, top };
    let rounds = 0;
    for (let end = endOfWalk(walked); end.kind === 'goesOn'; end = endOfWalk(walked)) {
      rounds += 1;
      walked = { ...end.next, listed: true, top };
    }
    const end = { kind: 'done', isWhole: false, watermark: { updatedTime: null } };
    expect([rounds, endOfWalk(walked)]).toEqual([5, end]);
  });

  test('with one round more on a Page of more conversations than a call of it brings', async () => {
    const pageId = newPage(150);
    source.reset();
    const found = await walk(pageId);
    expect(found.isWhole).toBe(true);
    expect(source.ledger.calls({ pageId, edge: 'conversations' })).toHaveLength(16);
  });

  test('M24 an incremental walk of several pages looks at the top again, and one that missed something keeps its floor', () => {
    const config = { pageId: '1', pageSize: 10, messagesPerConversation: 2 };
    const known = { updatedTime: '2026-01-01T00:00:00.000Z' };
    const top = { time: '2026-01-02T00:00:00.000Z', graphIds: ['t_1'] };
    const walked = { ...startWalk(config, known), listed: true, ceiling: top.time, top };
    const ended = { kind: 'done', isWhole: false, watermark: { updatedTime: top.time } };
    expect(endOfWalk(walked)).toEqual(ended);
    const round = { number: 1, since: top.time, known: top.graphIds };
    expect(endOfWalk({ ...walked, wide: true })).toMatchObject({
      kind: 'goesOn',
      next: { round, position: null, listed: false, wide: false },
    });
    const last = { ...round, number: 5 };
    expect(endOfWalk({ ...walked, wide: false, round: last })).toEqual(ended);
    const floor = { updatedTime: '2025-12-31T23:59:00.000Z' };
    expect(endOfWalk({ ...walked, wide: true, round: last })).toEqual({ ...ended, watermark: floor });
  });

  test('not where the source has no order', async () => {
    const pageId = newPage(45);
    source.configure({ unordered: 'conversations' }, pageId);
    const found = await walk(pageId);
    expect(found.isWhole).toBe(false);
    expectAll(pageId, found);
  });
});

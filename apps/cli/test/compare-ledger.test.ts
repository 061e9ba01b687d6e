import { describe, expect, test } from '@jest/globals';
import type { Expected } from '@tidemark/sandbox';
import { compareWithLedger } from '../src/demo/compare-ledger.ts';
import type { Stored } from '../src/demo/read-stored.ts';

const MESSAGE = {
  id: 'm1',
  createdTime: '2026-01-01T00:00:00.000Z',
  text: 'hello',
  fromPage: false,
  detailed: true,
};

function expected(change: Partial<Expected> = {}): Expected {
  return {
    pageId: '1',
    conversations: [
      {
        graphId: 't1',
        contactId: 'c1',
        contactName: 'Ann',
        updatedTime: MESSAGE.createdTime,
        messages: [MESSAGE],
      },
    ],
    odd: [],
    deleted: [],
    totals: {
      conversations: 1,
      messages: 1,
      longThreads: 0,
      quarantinedConversations: 0,
      quarantinedMessages: 0,
      sourceConversations: 1,
      sourceMessages: 1,
    },
    ...change,
  };
}

type Message = Stored['conversations'][number]['messages'][number];

function stored(...changes: Partial<Message>[]): Stored {
  const messages = changes.map((change): Message => {
    const at = '2026-01-01T00:00:00.000Z';
    return { messageId: 'm1', eventTimestamp: at, direction: 'in', text: 'hello', ...change };
  });
  const conversation = { graphId: 't1', senderId: 'c1', senderName: 'Ann', messageCount: messages.length };
  return { conversations: [{ conversation, messages }], quarantined: [] };
}

const odd = (messageId: string | null, outcome: 'stored' | 'quarantined') => ({
  level: messageId === null ? ('conversation' as const) : ('message' as const),
  kind: 'text-nul' as const,
  outcome,
  why: '',
  graphId: 't1',
  messageId,
});

const aside = (externalId: string, stream = 'messages') => ({ stream, externalId, reason: 'r', path: '' });

describe('what is stored against what the source has', () => {
  test('is right when everything is there', () => {
    expect(compareWithLedger(expected(), stored({}))).toEqual([]);
  });

  test.each<[string, Stored, string[]]>([
    ['a conversation', { conversations: [], quarantined: [] }, ['conversation t1 is missing']],
    [
      'a message',
      stored(),
      ['conversation t1 counts 0 messages, not 1', 'message m1 of conversation t1 is missing'],
    ],
  ])('%s that is missing is told', (_what, found, differences) => {
    expect(compareWithLedger(expected(), found)).toEqual(differences);
  });

  test('a message too many and one that came twice are told', () => {
    expect(compareWithLedger(expected(), stored({}, { messageId: 'm2' }))).toEqual([
      'conversation t1 counts 2 messages, not 1',
      'message m2 of conversation t1 is not in the source',
    ]);
    expect(compareWithLedger(expected(), stored({}, {}))).toContain('conversation t1 holds a message twice');
  });

  test('a conversation the source does not have is told', () => {
    const found = stored({});
    expect(compareWithLedger(expected({ conversations: [] }), found)).toEqual([
      'conversation with c1 is not in the source',
    ]);
  });

  test.each<[Partial<Message>, string]>([
    [{ text: 'bye' }, 'has another text'],
    [{ direction: 'out' }, 'has the wrong direction'],
    [
      { eventTimestamp: '2026-01-01T00:00:01.000Z' },
      'has the time 2026-01-01T00:00:01.000Z, not 2026-01-01T00:00:00.000Z',
    ],
  ])('%j differs', (change, problem) => {
    expect(compareWithLedger(expected(), stored(change))).toEqual([
      `message m1 of conversation t1 ${problem}`,
    ]);
  });

  test('a text that cannot be stored as it is may differ', () => {
    const source = expected({ odd: [odd('m1', 'stored')] });
    expect(compareWithLedger(source, stored({ text: 'cleaned' }))).toEqual([]);
  });

  test('each record that has to be quarantined has to be, once read or more often, and no other', () => {
    const source = expected({ odd: [odd('bad', 'quarantined')] });
    expect(compareWithLedger(source, stored({}))).toEqual(['bad is not quarantined']);
    const twice = { ...stored({}), quarantined: [aside('bad'), aside('bad'), aside('t1', 'participants')] };
    expect(compareWithLedger(source, twice)).toEqual([]);
    const other = { ...stored({}), quarantined: [aside('bad'), aside('good')] };
    expect(compareWithLedger(source, other)).toEqual(['good is quarantined, but should not be']);
  });
});

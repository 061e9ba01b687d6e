import { describe, expect, test } from '@jest/globals';
import type { ReplayRequest } from '@tidemark/core/connector';
import type { MessengerConfig } from '../../src/messenger/config.ts';
import { replayRecord } from '../../src/messenger/replay.ts';
import { parseConversation, parseMessages } from '../../src/messenger/to-records.ts';

const config: MessengerConfig = { pageId: '1001', pageSize: 25, messagesPerConversation: 25 };
const asOf = '2026-01-01T00:00:00.000Z';
const message = { id: 'm1', created_time: '2022-07-12T19:11:07+0000', from: { id: '77' }, message: 'hi' };
const conversation = {
  id: 't_1',
  updated_time: '2022-07-12T19:11:07+0000',
  participants: [{ id: '1001' }, { id: '77', name: 'Ann' }],
};

function replay(request: Pick<ReplayRequest<MessengerConfig>, 'stream' | 'raw'> & { parentId?: string }) {
  return replayRecord({ config, asOf, parentId: null, ...request });
}

describe('a replay', () => {
  test('reads a message as a page would have, and only names its conversation', () => {
    const [event] = parseMessages([message], { pageId: '1001', senderId: '77', asOf }).events;
    expect(replay({ stream: 'messages', raw: message, parentId: '77' })).toEqual({
      kind: 'records',
      records: [
        {
          kind: 'conversations',
          rows: [expect.objectContaining({ senderId: '77', contentHash: null, asOf, events: [event] })],
        },
      ],
      invalid: [],
    });
  });

  test('reads a conversation as a page would have', () => {
    const parsed = parseConversation(conversation, { pageId: '1001', asOf });
    expect(replay({ stream: 'conversations', raw: conversation })).toEqual({
      kind: 'records',
      records: [{ kind: 'conversations', rows: ['record' in parsed ? parsed.record : null] }],
      invalid: [],
    });
  });

  test('of a record the parser quarantined has all it needs to be placed', () => {
    const raw = { ...conversation, messages: { data: [{ id: 'm2' }] } };
    const parsed = parseConversation(raw, { pageId: '1001', asOf });
    const [refused] = parsed && 'record' in parsed ? parsed.invalid : [];
    expect(refused).toMatchObject({ stream: 'messages', parentId: '77', asOf });
  });

  test.each([
    ['messages', { id: 'm1' }, '77', '/created_time'],
    ['messages', message, undefined, ''],
    ['conversations', { ...conversation, participants: [] }, undefined, '/participants'],
    ['participants', null, '77', ''],
  ])('of %s %j that cannot be stored says why', (stream, raw, parentId, path) => {
    const place = parentId === undefined ? {} : { parentId };
    expect(replay({ stream, raw, ...place })).toEqual({ kind: 'invalid', path, reason: expect.any(String) });
  });
});

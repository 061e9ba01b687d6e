import { describe, expect, test } from '@jest/globals';
import { parseJson } from '@tidemark/core/json';
import { findContact } from '../../src/messenger/contact.ts';
import { graphGet, nextPosition } from '../../src/messenger/graph-request.ts';
import { graphEdge } from '../../src/messenger/graph-schemas.ts';
import { parseGraphTime } from '../../src/messenger/graph-time.ts';
import { parseConversation, parseMessages } from '../../src/messenger/to-records.ts';

const context = { pageId: '1001', senderId: '77', asOf: '2026-01-01T00:00:00.000Z' };
const PAGE = { id: '1001', name: 'The Page' };

describe('times', () => {
  test.each([
    ['2022-07-12T19:11:07+0000', '2022-07-12T19:11:07.000Z'],
    ['2022-07-12T21:11:07+02:00', '2022-07-12T19:11:07.000Z'],
    ['2022-07-12T19:11:07Z', '2022-07-12T19:11:07.000Z'],
    [1657653067, '2022-07-12T19:11:07.000Z'],
    ['1657653067000', '2022-07-12T19:11:07.000Z'],
  ])('%p is read', (value, iso) => expect(parseGraphTime(value)).toBe(iso));

  test.each(['', 'yesterday', '12/07/2022', null, undefined, {}, Number.NaN, '2022-13-40T99:99:99+0000'])(
    '%p is none',
    (value) => {
      expect(parseGraphTime(value)).toBeNull();
    },
  );
});

describe('who the Page talks to', () => {
  test('the one that is not the Page; repetitions and numbers as ids are the same person', () => {
    expect(findContact([PAGE, { id: '77', name: 'Ann' }, { id: 77 }], '1001')).toMatchObject({
      kind: 'contact',
      id: '77',
      name: 'Ann',
    });
  });

  test('an id above 2^53 keeps every digit', () => {
    const participants = parseJson('[{"id":12345678901234567890,"name":"Big"}]') as unknown[];
    expect(findContact(participants, '1001')).toMatchObject({ id: '12345678901234567890' });
  });

  test.each([
    ['nobody', []],
    ['the Page alone', [PAGE]],
    ['a deleted account', [PAGE, { name: 'Facebook User', id: '' }]],
    ['null', [PAGE, null]],
    ['two contacts', [PAGE, { id: '1' }, { id: '2' }]],
  ])('%s is no contact', (_, participants) => expect(findContact(participants, '1001').kind).toBe('none'));

  test('participants without an id beside a contact are reported', () => {
    const contact = findContact([null, PAGE, { id: '77' }], '1001');
    expect(contact).toMatchObject({ kind: 'contact', id: '77', bad: [{ index: 0, participant: null }] });
  });
});

describe('a conversation', () => {
  const raw = {
    id: 't_1',
    updated_time: '2022-07-12T19:11:07+0000',
    participants: { data: [PAGE, { id: '77', name: 'Ann' }] },
  };

  test('is read with participants as an edge and as a bare array', () => {
    for (const participants of [raw.participants, raw.participants.data]) {
      const parsed = parseConversation({ ...raw, participants }, context);
      expect('record' in parsed && parsed.record).toMatchObject({
        senderId: '77',
        graphId: 't_1',
        senderName: 'Ann',
        events: [],
      });
    }
  });

  test('that does not fit is kept whole, with the path that failed', () => {
    const broken = { ...raw, updated_time: 'soon' };
    expect(parseConversation(broken, context)).toMatchObject({
      stream: 'conversations',
      externalId: 't_1',
      path: '/updated_time',
      raw: broken,
    });
    expect(parseConversation(null, context)).toMatchObject({
      stream: 'conversations',
      externalId: null,
      raw: null,
    });
    expect(parseConversation({ ...raw, participants: { data: [PAGE] } }, context)).toMatchObject({
      path: '/participants',
    });
  });

  test('that is kept whole is kept without its positions, which hold the access token', () => {
    const paging = { cursors: { after: 'A' }, next: 'https://graph/x?access_token=SECRET&after=A' };
    const messages = { data: [{ id: 'm_1', link: 'https://graph/x?access_token=SECRET&a=1' }], paging };
    const parsed = parseConversation({ ...raw, participants: [], messages, paging }, context);
    expect('raw' in parsed && JSON.stringify(parsed.raw)).not.toMatch(/SECRET|cursors/);
    expect(parsed).toMatchObject({ raw: { id: 't_1', messages: { data: [{ id: 'm_1' }] } } });
  });

  test('one broken message does not cost the others', () => {
    const good = { id: 'm_1', created_time: raw.updated_time, from: { id: '77' }, message: 'hi' };
    const { events, invalid } = parseMessages(
      [good, { id: 'm_2', message: 'no time' }, { ...good, id: 'm_3' }],
      context,
    );
    expect(events.map((event) => event.messageId)).toEqual(['m_1', 'm_3']);
    expect(invalid).toMatchObject([{ stream: 'messages', externalId: 'm_2', path: '/created_time' }]);
  });

  test('direction follows the sender; one that is not told is not guessed', () => {
    const at = { created_time: raw.updated_time, message: 'x' };
    const messages = [
      { id: '1', from: { id: 1001 }, ...at },
      { id: '2', from: { id: '77' }, ...at },
      { id: '3', from: { name: 'gone' }, ...at },
      { id: '4', ...at },
    ];
    expect(parseMessages(messages, context).events.map((event) => event.direction)).toEqual([
      'out',
      'in',
      null,
      null,
    ]);
  });

  test('a message without details is known but unavailable, and older than any version with details', () => {
    const [event] = parseMessages([{ id: 'm_1', created_time: raw.updated_time }], context).events;
    expect(event).toMatchObject({
      metadata: { unavailable: true },
      text: null,
      asOf: '1970-01-01T00:00:00.000Z',
    });
  });

  test('a new link to the same attachment is no change, another attachment is', () => {
    const hashOf = (id: string, url: string) => {
      const message = {
        id: 'm',
        created_time: raw.updated_time,
        attachments: { data: [{ id, image_data: { url } }] },
      };
      return parseMessages([message], context).events[0]?.contentHash;
    };
    expect(hashOf('a', 'https://cdn/x?sig=1')).toBe(hashOf('a', 'https://cdn/x?sig=2'));
    expect(hashOf('a', 'https://cdn/x')).not.toBe(hashOf('b', 'https://cdn/x'));
  });
});

describe('paging', () => {
  const edge = (value: unknown) => graphEdge.parse(value);

  test('only a missing next is the end: an empty page goes on', () => {
    expect(
      nextPosition(edge({ data: [], paging: { cursors: { after: 'A' }, next: 'https://graph/x?after=A' } })),
    ).toBe('after=A');
    expect(nextPosition(edge({ data: [1], paging: { cursors: { after: 'A' } } }))).toBeNull();
    expect(nextPosition(edge({ data: [] }))).toBeNull();
    expect(nextPosition(edge([]))).toBeNull();
  });

  test('of a next URL only the position is kept, never the token', () => {
    const next =
      'https://graph/v2/t/messages?access_token=SECRET&limit=25&until=1426199405&__paging_token=enc_A';
    const position = nextPosition(edge({ data: [], paging: { next } }));
    expect(position).toBe('until=1426199405&__paging_token=enc_A');
  });
});

test('the token travels in a header, its proof in the URL', () => {
  const api = { graphUrl: 'https://graph.example/', graphVersion: 'v26.0' };
  const request = graphGet(
    api,
    '1001/conversations',
    { limit: '5' },
    { accessToken: 'SECRET', appSecret: 'app' },
  );
  expect(request.url).toMatch(
    /^https:\/\/graph\.example\/v26\.0\/1001\/conversations\?limit=5&appsecret_proof=[0-9a-f]{64}$/,
  );
  expect(request.url).not.toContain('SECRET');
  expect(request.headers).toMatchObject({ authorization: 'Bearer SECRET' });
});

import { describe, expect, test } from '@jest/globals';
import type { DeliveryPart } from '@tidemark/core/connector';
import type { EventRecord } from '@tidemark/core/records';
import { readingOf } from '@tidemark/core/validation';
import { readDelivery } from '../../src/messenger/webhook/read-delivery.ts';

const PAGE = '1001';
const AT = 1_772_998_044_000;
const AT_ISO = '2026-03-08T19:27:24.000Z';

const entryOf = (messaging: unknown, more: Record<string, unknown> = {}) => ({
  id: PAGE,
  time: AT,
  messaging,
  ...more,
});
const read = (...entry: unknown[]) => readDelivery(JSON.stringify({ object: 'page', entry }));

/** The part of the only Page. */
function partOf(parsed: ReturnType<typeof readDelivery>): DeliveryPart {
  expect(parsed.parts).toHaveLength(1);
  const [part] = parsed.parts;
  if (part === undefined) throw new Error('no part');
  return part;
}

const rowsOf = (part: DeliveryPart) => part.records.flatMap((group) => group.rows);

/** What one event between a contact and the Page is read as. */
function eventsOf(event: Record<string, unknown>, more: Record<string, unknown> = {}): EventRecord[] {
  const from = { sender: { id: '7' }, recipient: { id: PAGE }, timestamp: AT };
  const part = partOf(read(entryOf([{ ...from, ...event }], more)));
  expect(part.invalid).toEqual([]);
  return rowsOf(part).flatMap((row) => row.events);
}

describe('every kind of event', () => {
  const kinds: [string, Record<string, unknown>, Partial<EventRecord>][] = [
    [
      'text',
      { message: { mid: 'm', text: 'hi' } },
      { type: 'message', messageId: 'm', text: 'hi', direction: 'in' },
    ],
    [
      'attachment whose payload is missing',
      { message: { mid: 'm', attachments: [{ type: 'image' }, {}] } },
      { type: 'message', text: null, metadata: { attachments: [{ type: 'image' }, {}] } },
    ],
    [
      'a message the source cannot show',
      { message: { mid: 'm', is_unsupported: true } },
      { metadata: { is_unsupported: true } },
    ],
    [
      'sticker',
      { message: { mid: 'm', sticker_id: 369239263222822 } },
      { type: 'message', metadata: { sticker_id: 369239263222822 } },
    ],
    [
      'quick reply',
      { message: { mid: 'm', text: 'yes', quick_reply: { payload: 'YES' } } },
      { type: 'message', text: 'yes', notified: { type: 'message', quick_reply: { payload: 'YES' } } },
    ],
    [
      'answer to a message',
      { message: { mid: 'm', reply_to: { mid: 'n' } } },
      { metadata: { reply_to: { mid: 'n' } } },
    ],
    [
      'message from an ad',
      { message: { mid: 'm', text: 'hi', referral: { ad_id: '9' } } },
      { notified: { type: 'message', referral: { ad_id: '9' } } },
    ],
    ['message without an id', { message: { text: 'hi' } }, { type: 'message', messageId: null, text: 'hi' }],
    [
      'postback with an id',
      { postback: { mid: 'p', title: 'Start', payload: 'START' } },
      {
        type: 'postback',
        messageId: 'p',
        text: 'Start',
        notified: { type: 'postback', title: 'Start', payload: 'START' },
      },
    ],
    [
      'postback without a payload',
      { postback: { title: 'Start' } },
      { type: 'postback', messageId: null, text: 'Start' },
    ],
    [
      'edit',
      { message_edit: { mid: 'm', text: 'new', num_edit: 1 } },
      { type: 'edit', messageId: null, subjectId: 'm', text: 'new' },
    ],
    [
      'reaction',
      { reaction: { mid: 'm', action: 'react', emoji: '❤' } },
      { type: 'reaction', subjectId: 'm', text: '❤' },
    ],
    [
      'reaction taken back',
      { reaction: { mid: 'm', action: 'unreact' } },
      { type: 'reaction', subjectId: 'm', text: null },
    ],
    [
      'unsent',
      { message: { mid: 'm', is_deleted: true } },
      { type: 'unsend', messageId: null, subjectId: 'm', text: null },
    ],
    [
      'referral',
      { referral: { ref: 'r', source: 'SHORTLINK' } },
      { type: 'referral', metadata: { ref: 'r', source: 'SHORTLINK' } },
    ],
    ['opt-in', { optin: { type: 'x' } }, { type: 'optin' }],
    ['read', { read: { watermark: AT } }, { type: 'read', metadata: { watermark: AT } }],
    ['delivery', { delivery: { watermark: AT, mids: ['m'] } }, { type: 'delivery', subjectId: 'm' }],
    [
      'thread control',
      { take_thread_control: { previous_owner_app_id: 1 } },
      { type: 'other', subjectId: 'take_thread_control' },
    ],
    [
      'a kind of tomorrow',
      { hologram: [1] },
      { type: 'other', subjectId: 'hologram', metadata: { value: [1] } },
    ],
    ['nothing at all', {}, { type: 'other', subjectId: 'none' }],
  ];
  test.each(kinds)('%s', (_name, event, expected) => {
    expect(eventsOf(event)).toMatchObject([{ at: AT_ISO, asOf: AT_ISO, direction: 'in', ...expected }]);
  });

  test('two kinds in one event are two records, and what stands beside them is kept with both', () => {
    const events = eventsOf({
      referral: { ref: 'r' },
      optin: { ref: 'o' },
      prior_message: { source: 's' },
      novelty: 1,
    });
    expect(events).toMatchObject([
      { type: 'referral', metadata: { ref: 'r', beside: { prior_message: { source: 's' }, novelty: 1 } } },
      { type: 'optin', metadata: { ref: 'o', beside: { prior_message: { source: 's' }, novelty: 1 } } },
    ]);
  });

  test('standby events are those of the conversation, marked, beside the ones of its own', () => {
    const one = { sender: { id: '7' }, recipient: { id: PAGE }, timestamp: AT };
    const entry = entryOf([{ ...one, message: { mid: 'a' } }], {
      standby: [{ ...one, message: { mid: 'b' } }],
    });
    const events = rowsOf(partOf(read(entry))).flatMap((row) => row.events);
    expect(events).toMatchObject([
      { messageId: 'a', metadata: {} },
      { messageId: 'b', metadata: { standby: true } },
    ]);
  });
});

describe('whose event it is', () => {
  const who = (sender: unknown, recipient: unknown, message: Record<string, unknown> = {}) => {
    const event = {
      sender: { id: sender },
      recipient: { id: recipient },
      timestamp: AT,
      message: { mid: 'm', ...message },
    };
    const part = partOf(read(entryOf([event])));
    const [row] = rowsOf(part);
    return row === undefined ? part.invalid[0]?.reason : [row.senderId, row.events[0]?.direction];
  };
  test('the contact wrote, or was written to', () => {
    expect(who('7', PAGE)).toEqual(['7', 'in']);
    expect(who(PAGE, '7', { is_echo: true })).toEqual(['7', 'out']);
    expect(who(PAGE, '7')).toEqual(['7', 'out']);
    expect(who('7', 'another name of the Page')).toEqual(['7', 'in']);
    expect(who('7', PAGE, { is_echo: true })).toEqual(['7', 'out']);
  });

  test('the Page is never its own contact', () => {
    expect(who(PAGE, PAGE)).toBe('Nobody but the Page itself takes part.');
    expect(who(null, PAGE)).toBe('The event does not tell who sent it.');
  });

  test('ids that are numbers keep every digit', () => {
    const body = `{"object":"page","entry":[{"id":${PAGE},"time":${AT},"messaging":[
      {"sender":{"id":98237261802700123456},"recipient":{"id":${PAGE}},"timestamp":"${AT}","message":{"mid":9007199254740993}}]}]}`;
    const [row] = rowsOf(partOf(readDelivery(body)));
    expect([row?.senderId, row?.events[0]?.messageId]).toEqual(['98237261802700123456', '9007199254740993']);
  });

  test('what is about the Page and nobody else is counted by its kind', () => {
    const parsed = read(
      entryOf([
        { recipient: { id: PAGE }, timestamp: AT, 'policy-enforcement': { action: 'block' } },
        { recipient: { id: PAGE }, app_roles: { 1: ['primary_receiver'] } },
        { recipient: { id: PAGE }, optin: { user_ref: 'u' } },
      ]),
    );
    expect(parsed.parts).toEqual([]);
    expect([...parsed.ignored]).toEqual([
      ['policy-enforcement', 1],
      ['app_roles', 1],
      ['optin of a visitor without an id', 1],
    ]);
  });

  test('an entry without an id is that of the Page its events name', () => {
    const event = { sender: { id: '7' }, recipient: { id: '55' }, timestamp: AT, message: { mid: 'm' } };
    const parsed = read({
      messaging: [
        event,
        { ...event, sender: { id: '55' }, recipient: { id: '8' }, message: { mid: 'n', is_echo: true } },
      ],
    });
    expect(partOf(parsed).accountId).toBe('55');
    expect(rowsOf(partOf(parsed)).map((row) => row.senderId)).toEqual(['7', '8']);
  });
});

describe('when it was', () => {
  const when = (
    timestamp: unknown,
    entryTime: unknown = AT,
    what: Record<string, unknown> = { message: { mid: 'm' } },
  ) => {
    const event = { sender: { id: '7' }, recipient: { id: PAGE }, timestamp, ...what };
    const part = partOf(read({ id: PAGE, time: entryTime, messaging: [event] }));
    return rowsOf(part)[0]?.events[0]?.at ?? part.invalid[0]?.path;
  };
  test('seconds, milliseconds, ISO, and any of them as text', () => {
    for (const time of [AT, AT / 1000, String(AT), String(AT / 1000), '2026-03-08T19:27:24+0000']) {
      expect(when(time)).toBe(AT_ISO);
    }
  });

  test('without a time of its own: what it is a watermark of, else the time of its entry', () => {
    expect(when(undefined)).toBe(AT_ISO);
    expect(when(null, AT, { read: { watermark: AT - 1 } })).toBe('2026-03-08T19:27:23.999Z');
  });

  test('without any, or with one that is none or that PostgreSQL cannot hold, it is quarantined', () => {
    expect(when(undefined, null)).toBe('/timestamp');
    for (const time of ['soon', true, -1, 8_640_000_000_000_000]) expect(when(time)).toBe('/timestamp');
  });
});

describe('what does not fit', () => {
  test('a bad event does not take the good one beside it along', () => {
    const good = {
      sender: { id: '7' },
      recipient: { id: PAGE },
      timestamp: AT,
      message: { mid: 'm', text: 'good' },
    };
    const bad = [
      null,
      'text',
      { ...good, message: 'text' },
      { ...good, message: { mid: 'x'.repeat(501) } },
      { ...good, reaction: {}, message: null },
    ];
    const part = partOf(read(entryOf([...bad, good])));
    expect(part.events).toBe(6);
    expect(rowsOf(part).flatMap((row) => row.events)).toMatchObject([{ text: 'good' }]);
    expect(part.invalid.map(({ stream, path }) => [stream, path])).toEqual([
      ['webhook-events', ''],
      ['webhook-events', ''],
      ['webhook-events', '/message'],
      ['webhook-events', '/message/mid'],
      ['webhook-events', '/reaction/mid'],
    ]);
  });

  test('ids that PostgreSQL cannot hold are no ids', () => {
    const body = `{"object":"page","entry":[{"id":"${PAGE}","time":${AT},"messaging":[{"sender":{"id":"\\u0000"},"message":{"mid":"m"}}]}]}`;
    expect(partOf(readDelivery(body)).invalid).toMatchObject([{ externalId: 'm', path: '/sender/id' }]);
  });

  test('names that mean something to JavaScript are names', () => {
    const body = `{"object":"page","entry":[{"id":"${PAGE}","time":${AT},"messaging":[
      {"sender":{"id":"7"},"recipient":{"id":"${PAGE}"},"timestamp":${AT},"__proto__":{"toString":1}},
      {"recipient":{"id":"${PAGE}"},"__proto__":{"sender":{"id":"8"}}}]}]}`;
    const part = partOf(readDelivery(body));
    expect(rowsOf(part).flatMap((row) => row.events)).toMatchObject([
      { type: 'other', subjectId: '__proto__', metadata: { toString: 1 } },
    ]);
    expect(part.invalid).toHaveLength(1);
  });
});

describe('what the schemas saw', () => {
  const event = { sender: { id: '7' }, recipient: { id: PAGE }, timestamp: AT, message: { mid: 'm' } };
  const validationOf = (...entry: unknown[]) => partOf(read(...entry)).validation;

  test('E27 what is as documented passed; delivery and read tell no time of their own', () => {
    const undated = { sender: { id: '7' }, recipient: { id: PAGE } };
    const events = [
      event,
      { ...undated, read: { watermark: AT } },
      { ...undated, delivery: { watermark: AT } },
    ];
    expect(validationOf(entryOf(events), entryOf([], { standby: [event] }))).toEqual([
      readingOf('response', 'webhook-events', [[], []]),
      readingOf('record', 'webhook-events', [[], [], [], []]),
    ]);
  });

  test.each<[string, unknown, string]>([
    ['a number for an id', { ...event, sender: { id: 7 } }, '/sender/id'],
    ['a message id that is a number', { ...event, message: { mid: 8 } }, '/message/mid'],
    ['seconds', { ...event, timestamp: AT / 1000 }, '/timestamp'],
    ['a time as text', { ...event, timestamp: String(AT) }, '/timestamp'],
    ['no time', { ...event, timestamp: undefined }, '/timestamp'],
    ['no recipient', { ...event, recipient: undefined }, '/recipient'],
  ])('%s was read by a fallback', (_name, given, place) => {
    const [, records] = validationOf(entryOf([event, given]));
    expect(records).toMatchObject({ passed: 1, repaired: 1, quarantined: 0, fallbacks: { [place]: 1 } });
  });

  test('an entry counts once for each Page, with whatever about it was unusual', () => {
    const [responses, records] = validationOf(
      entryOf([event, event], { changes: [{ field: 'messages', value: event }], time: String(AT) }),
      entryOf(event),
      entryOf([event]),
    );
    expect(responses).toEqual(
      readingOf('response', 'webhook-events', [['/changes', '/time'], ['/messaging'], []]),
    );
    expect(records).toMatchObject({ passed: 5 });
  });

  test('what did not fit is counted as quarantined, so that all events are accounted for', () => {
    const part = partOf(read(entryOf([event, null, { ...event, message: 'text' }])));
    expect(part.validation[1]).toMatchObject({ passed: 1, repaired: 0, quarantined: part.invalid.length });
    expect(part.events).toBe(3);
  });
});

describe('what else is delivered', () => {
  test('several Pages in one delivery are one part each, in the order of their ids', () => {
    const event = { sender: { id: '7' }, timestamp: AT, message: { mid: 'm' } };
    const parsed = read(
      { id: '3', messaging: [event] },
      { id: '2', messaging: [event] },
      { id: '3', messaging: [{ ...event, message: { mid: 'n' } }] },
    );
    expect(parsed.parts.map((part) => [part.accountId, part.events])).toEqual([
      ['2', 1],
      ['3', 2],
    ]);
  });

  test('changes are counted by their field, and messaging beside them is read', () => {
    const event = { sender: { id: '7' }, recipient: { id: PAGE }, timestamp: AT, message: { mid: 'm' } };
    const parsed = read(
      entryOf([event], {
        changes: [
          { field: 'feed', value: { item: 'post' } },
          { field: 'messages', value: event },
        ],
      }),
    );
    expect([...parsed.ignored]).toEqual([['change of feed', 1]]);
    expect(partOf(parsed).events).toBe(2);
  });

  test.each(['instagram', 'whatsapp_business_account', 'user', 'permissions', '__proto__'])(
    '%s is not ours',
    (object) => {
      const event = { sender: { id: '7' }, recipient: { id: PAGE }, timestamp: AT, message: { mid: 'm' } };
      const parsed = readDelivery(JSON.stringify({ object, entry: [entryOf([event]), {}] }));
      expect([parsed.isOurs, parsed.parts, [...parsed.ignored]]).toEqual([false, [], [[object, 2]]]);
    },
  );

  test('empty entries, and entries that are none, hold nothing', () => {
    for (const entry of [{ id: PAGE }, { id: PAGE, messaging: [] }, { messaging: null }])
      expect(read(entry).parts).toEqual([]);
    expect([...read(null, 7).ignored]).toEqual([['an entry that is not an object', 2]]);
  });
});

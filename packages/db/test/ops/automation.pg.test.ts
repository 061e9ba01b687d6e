import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { deleteAutomationRule, putTag, removeTag, updateAutomationRule } from '@tidemark/db';
import {
  addRule,
  clearAutomation,
  firings,
  said,
  subscribe,
  tags,
  timeOf,
  told,
  toldEvents,
  write,
  writeIn,
} from './automation.ts';
import { barrier, namedDatabase, waitsFor } from './blocking.ts';
import { conversation, type Fixture, openFixture } from './fixtures.ts';

let fixture: Fixture;
let tenantId: string;
beforeAll(async () => {
  fixture = await openFixture();
  const [connection] = await fixture.db.sql<
    { tenantId: string }[]
  >`SELECT tenant_id AS "tenantId" FROM connections`;
  tenantId = connection?.tenantId ?? '';
});
afterAll(() => fixture.close());
beforeEach(() => clearAutomation(fixture.db));

const store = (...rows: Parameters<typeof told>[0]) => write(fixture.db, fixture.connectionId, told(rows));
const add = (tag: string, automatic = false) => ({ type: 'add_tag' as const, tag, automatic });
const remove = (tag: string) => ({ type: 'remove_tag' as const, tag });
const notify = { type: 'notify' as const, message: 'look' };
const containing = (word: string) => ({ condition: { text: { match: 'contains', anyOf: [word] } } });

async function conversationId(): Promise<string> {
  const [row] = await fixture.db.sql<
    { id: string }[]
  >`SELECT id FROM messenger_conversations WHERE sender_id = 'a'`;
  return row?.id ?? '';
}

describe('M19 rules', () => {
  test('fire once for a message, whichever path brings it and however often', async () => {
    const { db } = fixture;
    await subscribe(db, ['automation.notified']);
    await addRule(db, [add('seen')]);
    await addRule(db, [notify]);
    const page = conversation('a', {
      events: [said('m1', 1, { asOf: timeOf(90), contentHash: 'read again' })],
    });
    await store(said('m1', 1));
    await store(said('m1', 1));
    await write(db, fixture.connectionId, page);
    await store(said('m1', 1));
    expect(await firings(db)).toEqual(['add_tag seen for m1', 'notify for m1']);
    expect(await tags(db)).toEqual(['seen']);
    expect(await toldEvents(db)).toEqual(['automation.notified look']);
  });

  test('do not fire for what the Page wrote, for what was sent before them, and while they are disabled', async () => {
    const { db } = fixture;
    await addRule(db, [add('x')], { activeSince: timeOf(10) });
    await addRule(db, [add('y')], { enabled: false });
    const hidden = said('nobody', 12, { direction: null });
    await store(
      said('echo', 11, { direction: 'out' }),
      said('old', 9),
      hidden,
      said('read', 13, { type: 'read' }),
    );
    expect(await firings(db)).toEqual([]);
    await store(said('new', 10));
    expect(await firings(db)).toEqual(['add_tag x for new']);
  });

  test('that are enabled again leave alone what was sent while they were not', async () => {
    const { db } = fixture;
    const ruleId = await addRule(db, [add('x')]);
    const target = { tenantId, ruleId };
    const now = () => new Date().toISOString();
    const late = (text: string, at: string) => said(text, 0, { at, asOf: at });
    await updateAutomationRule(db, target, { name: 'still enabled', enabled: true });
    await store(said('before', 1));
    await updateAutomationRule(db, target, { enabled: false });
    const meanwhile = now();
    await updateAutomationRule(db, target, { enabled: true });
    await store(
      late('meanwhile', '2024-05-01T00:00:00.000Z'),
      late('after', new Date(Date.parse(meanwhile) + 3_600_000).toISOString()),
    );
    expect(await firings(db)).toEqual(['add_tag x for before', 'add_tag x for after']);
  });

  test('about the first message fire once per conversation, though an older one comes later', async () => {
    const { db } = fixture;
    await addRule(db, [add('hello')], { condition: { firstMessageOnly: true } });
    await store(said('m2', 2), said('m3', 3));
    await store(said('m1', 1));
    await write(db, fixture.connectionId, told([said('b1', 4)], 'b'));
    expect(await firings(db)).toEqual(['add_tag hello for m2', 'add_tag hello for b1']);
  });

  test('judge a message as it was sent, though an edit of it comes first', async () => {
    const { db } = fixture;
    await addRule(db, [add('order')], containing('order'));
    const edit = said('edited', 2, { type: 'edit', messageId: null, subjectId: 'my order' });
    await store(edit);
    await store(said('my order', 1));
    await addRule(db, [add('edited')], containing('edited'));
    await store(said('edited', 1, { messageId: 'my order', asOf: timeOf(90) }));
    expect(await firings(db)).toEqual(['add_tag order for my order']);
  });

  test('hear nothing of an old page: a first sync costs them nothing', async () => {
    const { db } = fixture;
    await addRule(db, [add('x')], { activeSince: timeOf(10) });
    const rows = JSON.stringify([
      {
        sender_id: 'a',
        events: [
          { event_type: 'message', event_timestamp: timeOf(9), message_id: 'm', direction: 'in', text: 'x' },
        ],
      },
    ]);
    const written = await db.sql`
      SELECT events_inserted, automation_events
      FROM bulk_upsert_conversations_with_events(${fixture.connectionId}, '1001', ${rows}::text::jsonb)`;
    expect([...written]).toEqual([{ events_inserted: 1, automation_events: null }]);
  });
});

describe('M19 tags', () => {
  test('that are automatic go with the next reply of the contact, and others stay', async () => {
    const { db } = fixture;
    await addRule(db, [add('waiting', true), add('order')], containing('order'));
    await store(said('my order', 1));
    expect(await tags(db)).toEqual(['order', 'waiting (automatic)']);
    await store(
      said('echo', 2, { direction: 'out' }),
      said('like', 2, { type: 'reaction', messageId: null }),
      said('old', 0),
    );
    expect(await tags(db)).toEqual(['order', 'waiting (automatic)']);
    await store(said('and?', 3));
    expect(await tags(db)).toEqual(['order']);
    await store(said('order 2', 4));
    expect(await tags(db)).toEqual(['order', 'waiting (automatic)']);
  });

  test('that a person set stand against rules about older messages', async () => {
    const { db } = fixture;
    await store(said('hello', 0));
    const target = { tenantId, conversationId: await conversationId() };
    await putTag(db, { ...target, tag: 'kept', automatic: false });
    await putTag(db, { ...target, tag: 'gone', automatic: true });
    expect(await removeTag(db, { ...target, tag: 'gone' })).toBe(true);
    expect(await removeTag(db, { ...target, tag: 'gone' })).toBe(false);
    await addRule(db, [remove('kept'), add('gone')]);
    await store(said('late', 1));
    expect(await firings(db)).toEqual(['remove_tag kept for late']);
    expect(await tags(db)).toEqual(['kept']);
  });

  test('that a person marked as automatic go with a reply after that', async () => {
    const { db } = fixture;
    await store(said('hello', 0));
    await putTag(db, { tenantId, conversationId: await conversationId(), tag: 'asked', automatic: true });
    await store(said('sent before', 1));
    expect(await tags(db)).toEqual(['asked (automatic)']);
    const at = new Date(Date.now() + 3_600_000).toISOString();
    await store(said('sent after', 0, { at, asOf: at }));
    expect(await tags(db)).toEqual([]);
  });
});

describe('M19 the order of arrival makes no difference', () => {
  const messages = [said('order 1', 1), said('bye', 2), said('order 2', 3), said('thanks', 4)];

  test('in any order, alone or together, the same rules fire and the same tags are left', async () => {
    const { db } = fixture;
    await addRule(db, [add('waiting', true), add('order')], containing('order'));
    await addRule(db, [remove('order')], containing('bye'));
    await addRule(db, [add('polite', true)], containing('thanks'));
    const ends = new Set<string>();
    for (const order of permutations(messages)) {
      for (const together of [false, true]) {
        await db.sql`DELETE FROM messenger_conversations`;
        if (together) await store(...order.slice(0, 2));
        for (const one of together ? order.slice(2) : order) await store(one);
        ends.add(JSON.stringify([await firings(db), await tags(db)]));
      }
    }
    const fired = [
      'add_tag waiting for order 1',
      'remove_tag order for bye',
      'add_tag waiting for order 2',
      'add_tag polite for thanks',
    ];
    expect([...ends]).toEqual([JSON.stringify([fired, ['order', 'polite (automatic)']])]);
  });

  function permutations<T>(items: readonly T[]): T[][] {
    if (items.length < 2) return [[...items]];
    return items.flatMap((item, index) =>
      permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
    );
  }
});

describe('M19 at the same time', () => {
  test.each(['commits', 'is rolled back'])(
    'one message by two paths fires once, though the first %s while the second waits',
    async (end) => {
      const { db, connectionId } = fixture;
      await subscribe(db, ['automation.notified']);
      await addRule(db, [notify]);
      const second = namedDatabase(fixture, 'second');
      const failure = new Error('the worker died');
      const first = await barrier(db, (tx) => writeIn(tx, connectionId, told([said('m', 1)])));
      const waiting = write(second, connectionId, told([said('m', 1)]));
      await waitsFor(db, 'second', 'barrier');
      if (end === 'commits') await first.lift();
      else await expect(first.fail(failure)).rejects.toBe(failure);
      await waiting;
      await second.close();
      expect(await firings(db)).toEqual(['notify for m']);
      expect(await toldEvents(db)).toEqual(['automation.notified look']);
    },
  );

  test.each([
    [1, 2],
    [2, 1],
  ])(
    'of two messages of one contact, %i before %i, the later one answers the tag of the earlier',
    async (...order) => {
      const { db, connectionId } = fixture;
      await addRule(db, [add('waiting', true)], containing('m1'));
      const [one, other] = order.map((number) => told([said(`m${number}`, number)]));
      if (one === undefined || other === undefined) throw new Error('there are two');
      const second = namedDatabase(fixture, 'second');
      const first = await barrier(db, (tx) => writeIn(tx, connectionId, one));
      const waiting = write(second, connectionId, other);
      await waitsFor(db, 'second', 'barrier');
      await first.lift();
      await waiting;
      await second.close();
      expect(await firings(db)).toEqual(['add_tag waiting for m1']);
      expect(await tags(db)).toEqual([]);
    },
  );

  test('a rule that is being deleted does not fire, and the message is stored all the same', async () => {
    const { db, connectionId } = fixture;
    const ruleId = await addRule(db, [add('x')]);
    const second = namedDatabase(fixture, 'second');
    const first = await barrier(db, (tx) => tx`DELETE FROM automation_rules WHERE id = ${ruleId}`);
    const waiting = write(second, connectionId, told([said('m', 1)]));
    await waitsFor(db, 'second', 'barrier');
    await first.lift();
    await waiting;
    await second.close();
    expect([await firings(db), await tags(db)]).toEqual([[], []]);
    expect(await conversationId()).not.toBe('');
    expect(await deleteAutomationRule(db, { tenantId, ruleId })).toBe(false);
  });
});

describe('O7 messages are told to subscribers', () => {
  test('in order, once, with what they say', async () => {
    const { db } = fixture;
    await subscribe(db);
    await addRule(db, [notify], containing('help'));
    await store(said('help', 2), said('hi', 1));
    await store(said('hi', 1), said('yes?', 3, { direction: 'out' }), said('tap', 4, { type: 'postback' }));
    await store(said('seen', 5, { type: 'read', messageId: null }));
    await store(said('hi, edited', 1, { messageId: 'hi', asOf: timeOf(90) }));
    expect(await toldEvents(db)).toEqual([
      'conversation.created',
      'message.received hi',
      'message.received help',
      'automation.notified look',
      'message.sent yes?',
      'message.received tap',
    ]);
    const id = await conversationId();
    const [received] =
      await db.sql`SELECT subject, tidemark_iso(occurred_at) AS at, data FROM outgoing_events WHERE data ->> 'text' = 'tap'`;
    expect(received).toEqual({
      subject: `conversation ${id}`,
      at: timeOf(4),
      data: {
        conversationId: id,
        connectionId: fixture.connectionId,
        pageId: '1001',
        senderId: 'a',
        version: 2,
        eventId: expect.any(String),
        eventType: 'postback',
        messageId: 'tap',
        text: 'tap',
        at: timeOf(4),
      },
    });
  });

  test('only what was sent after they subscribed, and only what they asked for', async () => {
    const { db } = fixture;
    await subscribe(db, ['message.received'], timeOf(5));
    await subscribe(db, ['message.sent']);
    await subscribe(db, ['sync.failed']);
    await store(said('old', 4), said('new', 5), said('echo', 6, { direction: 'out' }));
    expect(await toldEvents(db)).toEqual(['message.received new', 'message.sent echo']);
    const events = await db.sql`SELECT type FROM outgoing_events`;
    expect(events).toHaveLength(2);
  });

  test('nothing of what is rolled back', async () => {
    const { db, connectionId } = fixture;
    await subscribe(db);
    await addRule(db, [notify, add('x')]);
    const dry = db.sql.begin(async (tx) => {
      await tx.savepoint('dry', async (inner) => {
        await writeIn(inner, connectionId, told([said('m', 1)]));
        throw new Error('dry');
      });
    });
    await expect(dry).rejects.toThrow('dry');
    expect([await toldEvents(db), await firings(db), await tags(db)]).toEqual([[], [], []]);
  });
});

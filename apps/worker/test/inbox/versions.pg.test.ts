import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { writeRecords } from '../../../../packages/db/src/ops/write-records.ts';
import { conversation, message, PAGE_ID } from '../../../../packages/db/test/ops/fixtures.ts';
import { deliveryOf, eventOf } from '../../../../test/support/webhooks/sign.ts';
import { type InboxRig, openInboxRig } from './rig.ts';

let rig: InboxRig;
beforeAll(async () => {
  rig = await openInboxRig();
});
afterAll(() => rig.close());
beforeEach(() => rig.clear());

const AT = 1_772_998_044_000;

describe('a message, what is told about it, and readings of it', () => {
  const tell = (seconds: number, what: Record<string, unknown>) =>
    rig.deliver(deliveryOf(PAGE_ID, [eventOf(PAGE_ID, '7', AT + seconds * 1_000, what)]));
  /** The message as a page of a sync shows it, answered so many seconds later. */
  const reading = async (seconds: number, text: string) => {
    const asOf = new Date(AT + seconds * 1_000).toISOString();
    const row = conversation('7', {
      asOf,
      events: [message('m', { text, asOf, metadata: { from: { id: '7' } } })],
    });
    await rig.db.sql.begin((tx) =>
      writeRecords(tx, rig.connectionId, [{ kind: 'conversations', rows: [row] }]),
    );
  };
  const rows = async () => {
    const found = await rig.db.sql<{ type: string; text: string | null }[]>`
      SELECT event_type AS type, text FROM contact_interaction_events ORDER BY event_type, event_timestamp DESC`;
    return found.map(({ type, text }) => `${type}: ${text}`);
  };
  const lastMessage = async () =>
    (await rig.db.sql`SELECT last_message AS text FROM messenger_conversations`)[0];
  const original = () => tell(0, { message: { mid: 'm', text: 'first' } });
  const edit = (seconds: number) => tell(seconds, { message_edit: { mid: 'm', text: `edit ${seconds}` } });

  test('an edit shows in its message, whichever comes first, and an older edit does not', async () => {
    await edit(2);
    expect(await rows()).toEqual(['edit: edit 2']);
    await original();
    expect(await rows()).toEqual(['edit: edit 2', 'message: edit 2']);
    await edit(1);
    expect(await rows()).toEqual(['edit: edit 2', 'edit: edit 1', 'message: edit 2']);
    expect(await lastMessage()).toEqual({ text: 'edit 2' });
  });

  test('a reading older than the edit does not bring the former text back; a newer one says what holds', async () => {
    await edit(2);
    await reading(1, 'first');
    expect((await rows()).at(-1)).toBe('message: edit 2');
    await reading(3, 'as read');
    expect((await rows()).at(-1)).toBe('message: as read');
    // The same content as before the edit, but newer: it was taken back.
    await edit(4);
    await reading(5, 'as read');
    expect((await rows()).at(-1)).toBe('message: as read');
  });

  test('unsending takes the text away, also before the message comes', async () => {
    await tell(1, { message: { mid: 'm', is_deleted: true } });
    await original();
    expect(await rows()).toEqual(['message: null', 'unsend: null']);
  });

  test('what only the notification told outlives newer readings, and a postback stays one', async () => {
    const told = { postback: { mid: 'm', title: 'Start', payload: 'START' } };
    for (const arrivals of [
      [() => tell(0, told), () => reading(9, 'Start')],
      [() => reading(9, 'Start'), () => tell(0, told)],
    ]) {
      await rig.clear();
      for (const arrive of arrivals) await arrive();
      const found = await rig.db.sql`
        SELECT event_type, metadata, notified, message_count FROM contact_interaction_events e
        JOIN messenger_conversations c ON c.id = e.conversation_id`;
      expect([...found]).toEqual([
        {
          event_type: 'postback',
          metadata: { from: { id: '7' } },
          notified: { type: 'postback', title: 'Start', payload: 'START' },
          message_count: 0,
        },
      ]);
    }
  });

  test('reactions to two messages at one moment are two rows', async () => {
    await tell(0, { reaction: { mid: 'a', action: 'react', emoji: 'A' } });
    await tell(0, { reaction: { mid: 'b', action: 'react', emoji: 'B' } });
    expect((await rows()).toSorted((a, b) => Number(a > b) - Number(a < b))).toEqual([
      'reaction: A',
      'reaction: B',
    ]);
  });
});

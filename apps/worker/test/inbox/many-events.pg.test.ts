import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DeliveryJob } from '@tidemark/db';
import { parseConversation } from '../../../../packages/connectors/src/messenger/to-records.ts';
import { writeRecords } from '../../../../packages/db/src/ops/write-records.ts';
import { inconsistentConversations, PAGE_ID } from '../../../../packages/db/test/ops/fixtures.ts';
import { deliveryOf, eventOf } from '../../../../test/support/webhooks/sign.ts';
import { type InboxRig, openInboxRig } from './rig.ts';

let rig: InboxRig;
beforeAll(async () => {
  rig = await openInboxRig();
});
afterAll(() => rig.close());

const START = 1_772_998_000_000;
const [CONTACTS, EVENTS, AT_ONCE, STORED_AT_ONCE] = [100, 10_000, 16, 500];

/** Numbers that look random and are the same each time: every `k` below `EVENTS` once. */
const shuffled = (k: number) => (k * 7_919 + 13) % EVENTS;

/** The message of each second is from one contact after the other. */
const contactAt = (second: number) => `contact ${second % CONTACTS}`;
const messageAt = (second: number) => ({ mid: `m_${second}`, text: `text of ${second}` });
const eventAt = (second: number) =>
  eventOf(PAGE_ID, contactAt(second), START + second * 1_000, { message: messageAt(second) });

/** All events in no order, in deliveries of one to seven. */
function deliveries(): string[] {
  const events = Array.from({ length: EVENTS }, (_, k) => eventAt(shuffled(k)));
  const bodies: string[] = [];
  while (events.length > 0) bodies.push(deliveryOf(PAGE_ID, events.splice(0, (bodies.length % 7) + 1)));
  return bodies;
}

/** What a page showed of a contact when so many seconds had passed: the texts were others then. */
function readingOf(contact: number, seconds: number) {
  const iso = (second: number) => new Date(START + second * 1_000).toISOString().replace('.000Z', '+0000');
  const known = Array.from({ length: seconds }, (_, second) => second).filter(
    (second) => second % CONTACTS === contact,
  );
  const raw = {
    id: `t_${contact}`,
    updated_time: iso(known.at(-1) ?? 0),
    participants: { data: [{ id: `contact ${contact}`, name: 'N' }, { id: PAGE_ID }] },
    messages: {
      data: known.map((second) => ({
        id: messageAt(second).mid,
        created_time: iso(second),
        message: 'as it was before',
        from: { id: `contact ${contact}` },
      })),
    },
  };
  // The page was answered before the first of these messages was told of.
  const asOf = new Date(START - 1_000).toISOString();
  const parsed = parseConversation(raw, { pageId: PAGE_ID, asOf });
  if (!('record' in parsed)) throw new Error(parsed.reason);
  return { kind: 'conversations' as const, rows: [parsed.record] };
}

async function each<T>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const run = async () => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) await work(item, index);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, run));
}

test('M6 M16 10,000 events for 100 contacts at once, with older pages between them: the counts equal the rows', async () => {
  const bodies = deliveries();
  const jobs: DeliveryJob[] = [];
  for (let from = 0; from < bodies.length; from += STORED_AT_ONCE) {
    jobs.push(...(await rig.store(...bodies.slice(from, from + STORED_AT_ONCE))));
  }
  expect(jobs).toHaveLength(bodies.length);

  await each(jobs, async (job, index) => {
    await rig.run(job);
    // Now and then a page that is older than all of it, of a conversation others are writing to.
    if (index % 25 !== 24) return;
    const contact = shuffled(index) % CONTACTS;
    await rig.db.sql.begin((tx) => writeRecords(tx, rig.connectionId, [readingOf(contact, 1_000)]));
  });

  const rows = await rig.db.sql<{ contact: string; count: number; last: string; texts: number }[]>`
    SELECT c.sender_id AS contact, c.message_count AS count, c.last_message AS last,
           (SELECT count(DISTINCT e.message_id)::int FROM contact_interaction_events e
             WHERE e.conversation_id = c.id AND e.text = 'text of ' || substr(e.message_id, 3)) AS texts
    FROM messenger_conversations c ORDER BY c.sender_id`;
  expect(rows).toHaveLength(CONTACTS);
  for (const { contact, count, last, texts } of rows) {
    const newest = EVENTS - CONTACTS + Number(contact.split(' ')[1]);
    expect({ contact, count, last, texts }).toEqual({
      contact,
      count: EVENTS / CONTACTS,
      last: `text of ${newest}`,
      texts: EVENTS / CONTACTS,
    });
  }
  expect(await inconsistentConversations(rig.db)).toEqual([]);
});

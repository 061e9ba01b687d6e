import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Database, readTiming } from '@tidemark/db';
import { addConnection, type Fixture, openFixture } from './ops/fixtures.ts';

let fixture: Fixture;
let db: Database;
const contacts: string[] = [];

/** Messages of contacts, by contact, at UTC times; the Page answers one of them. */
const RECEIVED = [
  // Monday 28 March 2022: Berlin has put its clocks forward the day before.
  ['2022-03-28T09:59:59Z', '2022-03-21T09:59:59Z', '2022-03-27T00:59:59Z', '2022-03-27T01:00:00Z'],
  // Sunday 30 October 2022, 02:30 in Berlin, twice; and Sunday 23:30 UTC, which is Monday there.
  ['2022-10-30T00:30:00Z', '2022-10-30T01:30:00Z', '2022-11-06T23:30:00Z'],
];

beforeAll(async () => {
  fixture = await openFixture();
  db = fixture.db;
  const conversations = RECEIVED.map((times, contact) => ({
    sender_id: String(contact),
    events: [
      ...times.map((time, index) => event(`m-${contact}-${index}`, time, 'in')),
      event(`answer-${contact}`, '2022-03-28T09:59:59Z', contact === 0 ? 'out' : null),
      { event_type: 'read', event_timestamp: '2022-03-28T09:59:59Z', direction: 'in' },
    ],
  }));
  const rows = await db.sql<{ id: string }[]>`
    SELECT conversation_id AS id FROM bulk_upsert_conversations_with_events(
      ${fixture.connectionId}, '1001', ${JSON.stringify(conversations)}::text::jsonb) ORDER BY sender_id`;
  contacts.push(...rows.map((row) => row.id));
  const other = await addConnection(db, 'elsewhere');
  await db.sql`
    SELECT upsert_conversation_with_events(${other}, 'elsewhere', ${JSON.stringify(conversations[0])}::text::jsonb)`;
});
afterAll(() => fixture.close());

function event(messageId: string, time: string, direction: string | null) {
  return { event_type: 'message', event_timestamp: time, message_id: messageId, direction, text: 'x' };
}

/** The hours in which something was written, as `[hour, received, sent]`. */
async function hoursOf(contact: number | null, timezone: string) {
  const conversationId = contact === null ? null : (contacts[contact] ?? '');
  const timing = await readTiming(db, { connectionId: fixture.connectionId, conversationId, timezone });
  expect(timing?.hours.map((hour) => hour.hourOfWeek)).toEqual(
    Array.from({ length: 168 }, (_, hour) => hour),
  );
  const filled = timing?.hours.filter((hour) => hour.received + hour.sent > 0) ?? [];
  return filled.map((hour) => [hour.hourOfWeek, hour.received, hour.sent]);
}

const SUNDAY = 6 * 24;

describe('M21 messages by hour of the week', () => {
  test('of a contact, in UTC: only messages count, those of the Page for themselves', async () => {
    expect(await hoursOf(0, 'UTC')).toEqual([
      [9, 2, 1],
      [SUNDAY, 1, 0],
      [SUNDAY + 1, 1, 0],
    ]);
  });

  test('in a zone with daylight saving the same UTC hour is another one before and after; the hour left out stays empty', async () => {
    expect(await hoursOf(0, 'Europe/Berlin')).toEqual([
      [10, 1, 0],
      [11, 1, 1],
      [SUNDAY + 1, 1, 0],
      [SUNDAY + 3, 1, 0],
    ]);
  });

  test('an hour that is passed twice counts both; a week begins where the zone has Monday; without a direction none counts', async () => {
    expect(await hoursOf(1, 'Europe/Berlin')).toEqual([
      [0, 1, 0],
      [SUNDAY + 2, 2, 0],
    ]);
  });

  test('of a Page: all its contacts and nobody else', async () => {
    const timing = await readTiming(db, {
      connectionId: fixture.connectionId,
      conversationId: null,
      timezone: 'America/New_York',
    });
    expect(timing).toMatchObject({ timezone: 'America/New_York', received: 7, sent: 1 });
  });

  test('a time zone nobody knows is told from an empty answer', async () => {
    const target = { connectionId: fixture.connectionId, conversationId: null, timezone: 'Mars/Olympus' };
    expect(await readTiming(db, target)).toBeNull();
  });
});

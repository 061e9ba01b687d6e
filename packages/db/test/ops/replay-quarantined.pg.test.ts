import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { InvalidRecord, StreamRecords } from '@tidemark/core/records';
import { discardQuarantined, replayQuarantined } from '@tidemark/db';
import { quarantineRecords } from '../../src/ops/quarantine-records.ts';
import { writeRecords } from '../../src/ops/write-records.ts';
import { tenantOf } from './edits.ts';
import { conversation, type Fixture, inconsistentConversations, message, openFixture } from './fixtures.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(() => fixture.close());

function refused(id: string): InvalidRecord {
  return { stream: 'messages', externalId: id, reason: 'r', path: '/p', raw: { id }, parentId: 'a' };
}

const fits = (...ids: string[]): StreamRecords[] => [
  { kind: 'conversations', rows: [conversation('a', { events: ids.map((id) => message(id)) })] },
];

/** A page with a good and a refused record of the same conversation. */
function page(good: string, bad: string): Promise<void> {
  const origin = { connectionId: fixture.connectionId, syncId: null };
  return fixture.db.sql.begin(async (tx) => {
    await writeRecords(tx, fixture.connectionId, fits(good));
    await quarantineRecords(tx, origin, [refused(bad)]);
  });
}

test('replays, discards and pages that read the same record again, all at once: stored once or discarded, no deadlock', async () => {
  const { db, connectionId } = fixture;
  const tenantId = await tenantOf(db, connectionId);
  for (let round = 0; round < 8; round += 1) {
    const bad = `bad-${round}`;
    await page('good', bad);
    const [row] = await db.sql<{ id: string }[]>`SELECT id FROM quarantine WHERE external_id = ${bad}`;
    const quarantineId = row?.id ?? '';
    const replay = () =>
      replayQuarantined(db, {
        quarantineId,
        connectionId,
        records: fits(bad),
        invalid: [refused(`part of ${bad}`)],
      });
    const [replayed, discarded] = await Promise.all([
      Promise.all(Array.from({ length: 4 }, replay)),
      discardQuarantined(db, { tenantId, quarantineId }),
      ...Array.from({ length: 4 }, (_, index) => page(`good-${round}-${index}`, bad)),
    ]);
    const stored = await db.sql`SELECT 1 FROM contact_interaction_events WHERE message_id = ${bad}`;
    const [held] = await db.sql`SELECT status, seen_count FROM quarantine WHERE id = ${quarantineId}`;
    const isStored = discarded === 'replayed';
    expect(replayed.filter((outcome) => outcome === 'replayed')).toHaveLength(isStored ? 1 : 0);
    expect(stored).toHaveLength(isStored ? 1 : 0);
    expect(held).toEqual({ status: discarded, seen_count: 5 });
    const parts = await db.sql`SELECT 1 FROM quarantine WHERE external_id = ${`part of ${bad}`}`;
    expect(parts).toHaveLength(isStored ? 1 : 0);
  }
  expect(await inconsistentConversations(db)).toEqual([]);
});

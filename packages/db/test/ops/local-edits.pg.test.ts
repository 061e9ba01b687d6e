import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ConversationRecord } from '@tidemark/core/records';
import fc from 'fast-check';
import { comparable, day, editedConversations, POLICIES, type Policy, unsound, version } from './edits.ts';
import { conversation, type Fixture, inconsistentConversations, message, openFixture } from './fixtures.ts';
import { SEEDED } from '../../../../test/support/property-seed.ts';

fc.configureGlobal(SEEDED);

let fixture: Fixture;
let people: ReturnType<typeof editedConversations>;
beforeAll(async () => {
  fixture = await openFixture();
  people = editedConversations(fixture);
});
afterAll(() => fixture.close());

describe('an edit', () => {
  test('is the next version, shows the local value, and remembers what the source said', async () => {
    await people.begin('manual');
    await people.write([version('a', 1, { name: 'Ann' })]);
    expect(await people.edit('a', { senderName: 'Anna' })).toEqual({ kind: 'edited', version: 2 });
    const row = await people.row('a');
    expect(row).toMatchObject({ sender_name: 'Anna', version: 2, conflict: null });
    expect(row.edits.senderName).toMatchObject({
      value: 'Anna',
      sourceValue: 'Ann',
      baseValue: 'Ann',
      baseVersion: 1,
    });
  });

  test('that changes nothing spends no version', async () => {
    await people.begin('manual');
    await people.write([version('a', 1, { name: 'Ann' })]);
    expect(await people.edit('a', { senderName: 'Ann' })).toEqual({ kind: 'edited', version: 1 });
    await people.edit('a', { senderName: 'Anna' });
    expect(await people.edit('a', { senderName: 'Anna' })).toEqual({ kind: 'edited', version: 2 });
  });

  test.each([null, 'Ann'])('set to %p is taken back', async (senderName) => {
    await people.begin('local_wins');
    await people.write([version('a', 1, { name: 'Old' })]);
    await people.edit('a', { senderName: 'Anna', conversationStatus: 'done' });
    await people.write([version('a', 2, { name: 'Ann' })]);
    await people.edit('a', { senderName });
    const row = await people.row('a');
    expect([row.sender_name, Object.keys(row.edits)]).toEqual(['Ann', ['conversationStatus']]);
  });

  test('made at an older version is stale and writes nothing, also when it was the source that changed the row', async () => {
    await people.begin('manual');
    await people.write([version('a', 1)]);
    await people.write([version('a', 2)]);
    expect(await people.edit('a', { senderName: 'Anna' }, 1)).toEqual({ kind: 'stale', currentVersion: 2 });
    expect(await people.row('a')).toMatchObject({ sender_name: 'name 2', edits: {} });
  });

  test('of twenty at one version one is written', async () => {
    await people.begin('manual');
    await people.write([version('a', 1)]);
    const edits = Array.from({ length: 20 }, (_, index) => people.edit('a', { senderName: `A${index}` }, 1));
    const outcomes = await Promise.all(edits);
    expect(outcomes.filter(({ kind }) => kind === 'edited')).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'stale')).toHaveLength(19);
    expect((await people.row('a')).version).toBe(2);
  });
});

describe('a source change that meets an edit', () => {
  const AFTER: Record<Policy, unknown> = {
    source_wins: { sender_name: 'Annie', conflict: null, edits: {} },
    local_wins: { sender_name: 'Anna', conflict: null, edits: { senderName: { sourceValue: 'Annie' } } },
    manual: {
      sender_name: 'Anna',
      conflict: { senderName: { source: 'Annie', local: 'Anna', base: 'Ann' } },
      edits: { senderName: { sourceValue: 'Annie' } },
    },
  };

  test.each(POLICIES)('follows %s, and is one version more', async (policy) => {
    await people.begin(policy);
    await people.write([version('a', 1, { name: 'Ann' })]);
    await people.edit('a', { senderName: 'Anna' });
    const counts = await people.write([version('a', 2, { name: 'Annie' })]);
    expect(counts.get('conversations')).toMatchObject({ read: 1, updated: 1 });
    expect(await people.row('a')).toMatchObject({ version: 3, ...(AFTER[policy] as object) });
    const [replaced] = await people.history();
    const lost = {
      resolution: 'policy',
      fields: { senderName: { local: 'Anna', source: 'Annie', base: 'Ann' } },
    };
    expect(replaced).toEqual(policy === 'source_wins' ? lost : undefined);
  });

  test.each(POLICIES)('before the edit is its base and no conflict under %s', async (policy) => {
    await people.begin(policy);
    await people.write([version('a', 1, { name: 'Ann' })]);
    await people.write([version('a', 2, { name: 'Annie' })]);
    await people.edit('a', { senderName: 'Anna' });
    // The former version comes again, late.
    await people.write([version('a', 1, { name: 'Ann' })]);
    expect(await people.row('a')).toMatchObject({ sender_name: 'Anna', conflict: null, version: 3 });
    expect(await people.history()).toEqual([]);
  });

  test.each(POLICIES)('is none under %s where the source still says what it said', async (policy) => {
    await people.begin(policy);
    await people.write([version('a', 1, { name: 'Ann', status: 'open' })]);
    await people.edit('a', { senderName: 'Anna' });
    await people.write([version('a', 2, { name: 'Ann', status: 'closed' })]);
    const row = await people.row('a');
    expect(row).toMatchObject({
      sender_name: 'Anna',
      conversation_status: 'closed',
      conflict: null,
      version: 3,
    });
    expect(Object.keys(row.edits)).toEqual(['senderName']);
  });

  test.each(POLICIES)('that is read again rewrites nothing under %s', async (policy) => {
    await people.begin(policy);
    await people.write([version('a', 1)]);
    await people.edit('a', { senderName: 'Anna' });
    await people.write([version('a', 2)]);
    const [row, written] = [await people.row('a'), await xminOf('a')];
    const counts = await people.write([version('a', 2)]);
    expect(counts.get('conversations')).toMatchObject({ read: 1, skipped: 1 });
    expect([await people.row('a'), await xminOf('a')]).toEqual([row, written]);
  });

  test('source_wins: also a version that comes late touches the edit, on its own or in one page with a newer one', async () => {
    const pages: ConversationRecord[][][] = [
      [[version('a', 2, { name: 'B' })], [version('a', 3, { name: 'A' })]],
      [[version('a', 3, { name: 'A' })], [version('a', 2, { name: 'B' })]],
      [[version('a', 3, { name: 'A' }), version('a', 2, { name: 'B' })]],
    ];
    for (const order of pages) {
      await people.begin('source_wins');
      await people.write([version('a', 1, { name: 'A' })]);
      await people.edit('a', { senderName: 'Mine' });
      for (const page of order) await people.write(page);
      expect(await people.row('a')).toMatchObject({ sender_name: 'A', edits: {} });
    }
  });

  test('messages that arrive leave the edit and its conflict alone', async () => {
    await people.begin('manual');
    await people.write([version('a', 1)]);
    await people.edit('a', { senderName: 'Anna' });
    await people.write([version('a', 2)]);
    const before = await people.row('a');
    const further = { graphId: null, senderName: null, updatedAt: null, contentHash: null };
    await people.write([conversation('a', { ...further, events: [message('1')] })]);
    expect(await people.row('a')).toEqual({ ...before, version: before.version + 1 });
  });
});

async function xminOf(contact: string): Promise<unknown> {
  const [row] = await fixture.db
    .sql`SELECT xmin::text FROM messenger_conversations WHERE sender_id = ${contact}`;
  return row?.xmin;
}

/** What the source said, on days of their own; what it says of a field comes back after a while. */
const history = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 1, max: 8 })), {
    minLength: 1,
    maxLength: 12,
    selector: (one) => one.join(),
  })
  .map((list) =>
    list.map(([contact, moment]) => ({
      ...version(`c${contact}`, moment, { name: `name ${moment % 3}`, status: `status ${moment % 2}` }),
      events: [message(`m${contact}-${moment}`, { at: day(moment) })],
    })),
  );
const ranks = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 12, maxLength: 12 });
const pageSize = fc.integer({ min: 1, max: 4 });
const policies = fc.constantFrom(...POLICIES);
/** An edit may happen to be what the source says, or will say. */
const change = fc.record(
  {
    senderName: fc.constantFrom('Mine', 'name 0', 'name 1', 'name 2'),
    conversationStatus: fc.constantFrom('mine', 'status 0', 'status 1'),
  },
  { requiredKeys: [] },
);

function inPages(records: ConversationRecord[], order: number[], size: number): ConversationRecord[][] {
  const ranked = records
    .map((record, index) => ({ record, rank: order[index % order.length] ?? 0 }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ record }) => record);
  const pages: ConversationRecord[][] = [];
  for (let start = 0; start < ranked.length; start += size) pages.push(ranked.slice(start, start + size));
  return pages;
}

describe('any order of arrival, with edits', () => {
  const scenario = {
    policy: policies,
    records: history,
    cut: fc.integer({ min: 1, max: 6 }),
    changes: fc.tuple(change, change),
    one: ranks,
    other: ranks,
    sizes: fc.tuple(pageSize, pageSize),
  };

  test('I9 what came before an edit and what comes after it, each in any order, ends the same under each policy', async () => {
    await fc.assert(
      fc.asyncProperty(fc.record(scenario), async ({ policy, records, cut, changes, one, other, sizes }) => {
        const [before, after] = [records.slice(0, cut), records.slice(cut)];
        const play = async (order: number[], size: number, repeated: ConversationRecord[]) => {
          await people.begin(policy);
          for (const page of inPages(before, order, size)) await people.write(page);
          const held = new Set((await people.rows()).map((row) => row.sender_id));
          for (const [index, fields] of changes.entries()) {
            if (held.has(`c${index}`)) await people.edit(`c${index}`, fields);
          }
          for (const page of inPages([...after, ...repeated], order, size)) await people.write(page);
          const rows = await people.rows();
          expect(unsound(rows, policy)).toEqual([]);
          return comparable(rows);
        };
        const first = await play(one, sizes[0], []);
        expect(await play(other, sizes[1], records)).toEqual(first);
        expect(await inconsistentConversations(fixture.db)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('I9 also when pages and edits are written at the same time, without a deadlock', async () => {
    await fc.assert(
      fc.asyncProperty(fc.record(scenario), async ({ policy, records, changes, one, other, sizes }) => {
        await people.begin(policy);
        await people.write([version('c0', 0), version('c1', 0)]);
        const editing = changes.flatMap((fields, index) => [
          people.edit(`c${index}`, fields),
          people.edit(`c${index}`, { senderName: 'Later' }),
        ]);
        const writing = [...inPages(records, one, sizes[0]), ...inPages(records, other, sizes[1])].map(
          people.write,
        );
        await Promise.all([...editing, ...writing]);
        const rows = await people.rows();
        expect(unsound(rows, policy)).toEqual([]);
        expect(await inconsistentConversations(fixture.db)).toEqual([]);
        const newest = records
          .filter((record) => record.senderId === 'c0')
          .sort((a, b) => (a.asOf < b.asOf ? 1 : -1))[0];
        const row = await people.row('c0');
        const shown = row.edits.senderName === undefined ? row.sender_name : row.edits.senderName.sourceValue;
        expect(shown).toBe(newest?.senderName ?? 'name 0');
      }),
      { numRuns: 30 },
    );
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Side, SidesByField } from '@tidemark/core/resolution';
import { resolveConflict } from '@tidemark/db';
import { editedConversations, tenantOf, unsound, version } from './edits.ts';
import { type Fixture, openFixture } from './fixtures.ts';

let fixture: Fixture;
let people: ReturnType<typeof editedConversations>;
beforeAll(async () => {
  fixture = await openFixture();
  people = editedConversations(fixture);
});
afterAll(() => fixture.close());
beforeEach(() => conflicting());

/** Both fields edited, and changed by the source since: version 3. */
async function conflicting(): Promise<void> {
  await people.begin('manual');
  await people.write([version('a', 1, { name: 'Ann', status: 'open' })]);
  await people.edit('a', { senderName: 'Anna', conversationStatus: 'mine' });
  await people.write([version('a', 2, { name: 'Annie', status: 'closed' })]);
}

async function openConflict(): Promise<{ id: string; base_version: number } | undefined> {
  const rows = await fixture.db.sql<{ id: string; base_version: number }[]>`
    SELECT id, base_version FROM sync_conflicts WHERE status = 'open'`;
  expect(rows.length).toBeLessThanOrEqual(1);
  return rows[0];
}

async function resolve(sides: Side | SidesByField, conflictId?: string) {
  const id = conflictId ?? (await openConflict())?.id ?? '';
  const tenantId = await tenantOf(fixture.db, fixture.connectionId);
  return resolveConflict(fixture.db, { tenantId, conflictId: id, sides });
}

describe('a conflict', () => {
  test('holds all fields of its record, and follows both sides while it is open', async () => {
    const first = await openConflict();
    expect(first?.base_version).toBe(1);
    await people.write([version('a', 3, { name: 'Anne', status: 'closed' })]);
    await people.edit('a', { senderName: 'Hanna' });
    expect((await openConflict())?.id).toBe(first?.id);
    expect((await people.row('a')).conflict).toEqual({
      senderName: { source: 'Anne', local: 'Hanna', base: 'Ann' },
      conversationStatus: { source: 'closed', local: 'mine', base: 'open' },
    });
  });

  test('closes by itself when the source comes round to the edits, field by field', async () => {
    await people.write([version('a', 3, { name: 'Anna', status: 'closed' })]);
    expect(Object.keys((await people.row('a')).conflict ?? {})).toEqual(['conversationStatus']);
    await people.write([version('a', 4, { name: 'Anna', status: 'open' })]);
    expect(await openConflict()).toBeUndefined();
    expect((await people.history()).map((row) => row.resolution)).toEqual(['obsolete']);
    expect(await people.row('a')).toMatchObject({ sender_name: 'Anna', conversation_status: 'mine' });
  });

  test('closes by itself when a person takes the edits back', async () => {
    await people.edit('a', { senderName: null, conversationStatus: 'closed' });
    expect(await openConflict()).toBeUndefined();
    expect((await people.history()).map((row) => row.resolution)).toEqual(['obsolete']);
    expect(await people.row('a')).toMatchObject({
      sender_name: 'Annie',
      conversation_status: 'closed',
      edits: {},
    });
  });

  test('is decided by a policy that replaces manual, at the next change of the source', async () => {
    await people.setPolicy('source_wins');
    await people.write([version('a', 3, { name: 'Anne', status: 'closed' })]);
    expect(await people.row('a')).toMatchObject({
      sender_name: 'Anne',
      conversation_status: 'closed',
      edits: {},
    });
    expect((await people.history()).map((row) => row.resolution)).toEqual(['policy']);
  });
});

describe('resolving', () => {
  test('by source gives the edits up', async () => {
    expect(await resolve('source')).toMatchObject({ kind: 'resolved', version: 4 });
    expect(await people.row('a')).toMatchObject({
      sender_name: 'Annie',
      conversation_status: 'closed',
      edits: {},
      conflict: null,
      version: 4,
    });
  });

  test('by local keeps them, until the source changes once more', async () => {
    expect(await resolve('local')).toMatchObject({ kind: 'resolved', version: 4 });
    expect(await people.row('a')).toMatchObject({ sender_name: 'Anna', conflict: null });
    await people.write([version('a', 3, { name: 'Annie', status: 'closed' })]);
    expect((await people.row('a')).conflict).toBeNull();
    await people.write([version('a', 4, { name: 'Anne', status: 'closed' })]);
    expect((await people.row('a')).conflict).toEqual({
      senderName: { source: 'Anne', local: 'Anna', base: 'Annie' },
    });
  });

  test('field by field takes a side for each', async () => {
    expect(await resolve({ senderName: 'local', conversationStatus: 'source' })).toMatchObject({
      kind: 'resolved',
    });
    const row = await people.row('a');
    expect(row).toMatchObject({ sender_name: 'Anna', conversation_status: 'closed' });
    expect(Object.keys(row.edits)).toEqual(['senderName']);
    expect((await people.history()).map((one) => one.resolution)).toEqual(['merge']);
  });

  test('field by field leaves no field of the conflict out', async () => {
    expect(await resolve({ senderName: 'local' })).toEqual({
      kind: 'unmatched',
      missing: ['conversationStatus'],
      unknown: [],
    });
    expect((await people.row('a')).version).toBe(3);
  });

  test('of twenty at once one is carried out, the others find it resolved', async () => {
    const id = (await openConflict())?.id;
    const sides = Array.from({ length: 20 }, (_, index): Side => (index % 2 === 0 ? 'source' : 'local'));
    const outcomes = await Promise.all(sides.map((side) => resolve(side, id)));
    expect(outcomes.filter(({ kind }) => kind === 'resolved')).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'alreadyResolved')).toHaveLength(19);
    expect((await people.row('a')).version).toBe(4);
  });

  test('at the same time as pages and edits ends in a sound row, without a deadlock', async () => {
    const id = (await openConflict())?.id;
    await Promise.all([
      ...Array.from({ length: 6 }, (_, index) => people.write([version('a', 3 + index)])),
      resolve('source', id),
      resolve('local', id),
      people.edit('a', { senderName: 'Later' }),
    ]);
    expect(unsound(await people.rows(), 'manual')).toEqual([]);
    const row = await people.row('a');
    const sourceName =
      row.edits.senderName === undefined ? row.sender_name : row.edits.senderName.sourceValue;
    expect(sourceName).toBe('name 8');
  });
});

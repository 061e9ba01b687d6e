import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  approveSweep,
  cancelSync,
  type Database,
  listResults,
  resetConnection,
  retrySync,
  updateConnection,
} from '@tidemark/db';
import fc from 'fast-check';
import { conversation, type Fixture, message, openFixture } from './fixtures.ts';
import {
  age,
  contacts,
  type ShownPage,
  seenKeys,
  show,
  shownSync,
  startWalk,
  stored,
  walk,
} from './full-walk.ts';
import { untouchables } from './walks.ts';

let fixture: Fixture;
let db: Database;
let tenantId: string;
beforeAll(async () => {
  fixture = await openFixture();
  db = fixture.db;
  const [tenant] = await db.sql<{ id: string }[]>`SELECT id FROM tenants WHERE name = 'test'`;
  tenantId = tenant?.id ?? '';
});
afterAll(() => fixture.close());

const TEN = 'abcdefghij'.split('');
const DRY = { dryRun: true, purpose: 'sync' } as const;
const VERIFY = { dryRun: true, purpose: 'verify' } as const;
const REPAIR = { dryRun: false, purpose: 'verify' } as const;

const dry = (connectionId: string, pages: readonly ShownPage[]) => walk(db, connectionId, pages, 'full', DRY);
const approve = (syncId: string) => approveSweep(db, { tenantId, syncId });
const retried = async (syncId: string) => {
  const retry = await retrySync(db, { tenantId, syncId, cause: 'test' });
  if (retry.kind !== 'started') throw new Error(retry.kind);
  return retry.syncId;
};
const quarantined = (externalId: string | null) => ({
  ...{ stream: 'conversations', externalId, reason: 'is broken', path: '', raw: {} },
});

/** What a full walk says of itself, except for words that tell whether it happened. */
async function reportOf(syncId: string) {
  const { progress, sweeps, warnings } = await shownSync(db, tenantId, syncId);
  const results = await listResults(db, syncId, { withContents: false });
  return {
    counts: progress.records,
    streams: results.map(({ stream, records }) => ({ stream, records })),
    sweeps,
    codes: warnings.map(({ code, stream }) => [code, stream]),
  };
}

/** The ids of what is extra by stream; null where nobody can tell. */
async function extraOf(syncId: string): Promise<unknown> {
  const results = await listResults(db, syncId, { withContents: false });
  return Object.fromEntries(
    results.map(({ stream, findings }) => {
      const ids = findings?.extra?.records.map(({ key }) => key.messageId ?? key.contactId ?? '');
      return [stream, ids?.sort((a, b) => a.localeCompare(b)) ?? null];
    }),
  );
}

describe('a dry run of a full sync', () => {
  test('E13 I13 says what the sync then deletes, with samples, and leaves everything but its own record', async () => {
    const { connectionId, all } = await stored(db, ...TEN);
    const [gone, ...rest] = all;
    const before = await untouchables(db.sql);
    const syncId = await dry(connectionId, [{ rows: rest.slice(0, 5) }, { rows: rest.slice(5) }]);
    expect(await untouchables(db.sql)).toEqual(before);
    const report = await reportOf(syncId);
    expect(report).toMatchObject({
      counts: { read: 9, skipped: 9, deleted: 1 },
      sweeps: [{ status: 'swept', wouldDelete: 1, of: 10, deleted: 1 }],
    });
    const [result] = await listResults(db, syncId, { withContents: true });
    expect(result?.samples?.deleted).toEqual([{ key: { pageId: '1001', contactId: gone }, changes: [] }]);
    expect(await seenKeys(db, connectionId)).toBe(0);
    expect(await reportOf(await walk(db, connectionId, [{ rows: rest }]))).toEqual(report);
    expect((await contacts(db, connectionId)).deleted).toEqual([gone]);
    expect((await reportOf(syncId)).sweeps).toEqual(report.sweeps);
  });

  test('E13 says that the sync would be held, deletes nothing, and cannot be approved', async () => {
    const { connectionId, all } = await stored(db, ...TEN);
    const syncId = await dry(connectionId, [{ rows: all.slice(4) }]);
    const report = await reportOf(syncId);
    expect(report).toMatchObject({ counts: { deleted: 0 }, sweeps: [{ status: 'held', wouldDelete: 4 }] });
    expect(report.codes).toEqual([['sweep_held', 'conversations']]);
    expect(await approve(syncId)).toEqual({ kind: 'notHeld' });
    const held = await walk(db, connectionId, [{ rows: all.slice(4) }]);
    expect(await reportOf(held)).toEqual(report);
    await resetConnection(db, { tenantId, connectionId });
    expect((await reportOf(syncId)).sweeps).toEqual(report.sweeps);
    expect((await contacts(db, connectionId)).deleted).toEqual([]);
  });

  test.each([DRY, VERIFY, REPAIR])('leaves a sweep that waits for approval to it: %j', async (walkOf) => {
    const { connectionId, all } = await stored(db, ...TEN);
    const held = await walk(db, connectionId, [{ rows: all.slice(4) }]);
    await walk(db, connectionId, [{ rows: all.slice(3) }], 'full', walkOf);
    expect((await shownSync(db, tenantId, held)).sweeps).toEqual([
      expect.objectContaining({ status: 'held' }),
    ]);
    // Only what repairs is more than a look: the record it was shown is there.
    const spared = walkOf === REPAIR ? 1 : 0;
    expect(await approve(held)).toEqual({ kind: 'swept', deleted: 4 - spared });
  });

  test('leaves what a stopped sync has seen to its retry', async () => {
    const { connectionId, all } = await stored(db, ...TEN);
    const [gone, ...rest] = all;
    const stopped = await startWalk(db, connectionId);
    await show(db, { syncId: stopped, connectionId, seq: 0, isLast: false }, { rows: rest.slice(0, 5) });
    await cancelSync(db, { tenantId, syncId: stopped, cause: 'test' });
    await dry(connectionId, [{ rows: rest }]);
    const heir = await retried(stopped);
    await show(db, { syncId: heir, connectionId, seq: 0, isLast: true }, { rows: rest.slice(5) });
    expect((await contacts(db, connectionId)).deleted).toEqual([gone]);
  });

  test('leaves what it has seen to its own retry, and to nobody else', async () => {
    const { connectionId, all } = await stored(db, ...TEN);
    const halves = [{ rows: all.slice(1, 5) }, { rows: all.slice(5) }] as const;
    const stop = async () => {
      const syncId = await startWalk(db, connectionId, 'full', DRY);
      await show(db, { syncId, connectionId, seq: 0, isLast: false, walk: DRY }, halves[0]);
      await cancelSync(db, { tenantId, syncId, cause: 'test' });
      return syncId;
    };
    const heir = await retried(await stop());
    await show(db, { syncId: heir, connectionId, seq: 0, isLast: true, walk: DRY }, halves[1]);
    expect(await reportOf(heir)).toMatchObject({ counts: { deleted: 1 }, sweeps: [{ status: 'swept' }] });
    const stopped = await stop();
    await walk(db, connectionId, [{ rows: all }]);
    expect(await seenKeys(db, connectionId)).toBe(0);
    expect(await retrySync(db, { tenantId, syncId: stopped, cause: 'test' })).toMatchObject({
      kind: 'overtaken',
    });
  });

  test('is judged by the last sync, and is no measure for the next one; nor is a verification', async () => {
    const { connectionId, all } = await stored(db, ...TEN);
    await updateConnection(db, { tenantId, connectionId }, { sweepMaxShare: 1 });
    for (const walkOf of [DRY, VERIFY, REPAIR, {}]) {
      const syncId = await walk(db, connectionId, [{ rows: all.slice(6) }], 'full', walkOf);
      expect((await reportOf(syncId)).codes).toEqual([['result_small', 'conversations']]);
    }
    const next = await walk(db, connectionId, [{ rows: all.slice(6) }]);
    expect((await reportOf(next)).codes).toEqual([]);
  });
});

describe('a verification', () => {
  /** Ten conversations with a message each, of which the source shows nine, and a stray message. */
  async function damaged() {
    const { connectionId, all } = await stored(db, ...TEN);
    const shown = all.map((contact) => conversation(contact, { events: [message(`m-${contact}`)] }));
    const stray = conversation(all[1] ?? '', { events: [message(`stray-${all[1]}`)] });
    await walk(db, connectionId, [{ rows: [...shown, stray] }]);
    await age(db, connectionId);
    return { connectionId, gone: all[0], strayId: `stray-${all[1]}`, rest: shown.slice(1), all };
  }
  test('E26 reports what is extra, and what a repair would delete of it', async () => {
    const { connectionId, gone, strayId, rest } = await damaged();
    const before = await untouchables(db.sql);
    const syncId = await walk(db, connectionId, [{ rows: rest }], 'full', VERIFY);
    expect(await extraOf(syncId)).toEqual({ conversations: [gone], messages: [`m-${gone}`, strayId] });
    expect(await reportOf(syncId)).toMatchObject({ counts: { deleted: 1 }, sweeps: [{ status: 'swept' }] });
    expect(await untouchables(db.sql)).toEqual(before);
  });

  test('E26 a repair marks extra conversations as deleted; the next one finds them no more', async () => {
    const { connectionId, gone, strayId, rest } = await damaged();
    const repair = await walk(db, connectionId, [{ rows: rest }], 'full', REPAIR);
    expect(await extraOf(repair)).toEqual({ conversations: [gone], messages: [strayId] });
    expect(await reportOf(repair)).toMatchObject({ counts: { deleted: 1 }, sweeps: [{ deleted: 1 }] });
    expect((await contacts(db, connectionId)).deleted).toEqual([gone]);
    await age(db, connectionId);
    const after = await walk(db, connectionId, [{ rows: rest }], 'full', VERIFY);
    expect(await extraOf(after)).toEqual({ conversations: [], messages: [strayId] });
  });

  test('E26 I12 a repair deletes no more than the share, and asks for nothing', async () => {
    const { connectionId, rest } = await damaged();
    const repair = await walk(db, connectionId, [{ rows: rest.slice(3) }], 'full', REPAIR);
    expect(await reportOf(repair)).toMatchObject({
      counts: { deleted: 0 },
      sweeps: [{ status: 'held', wouldDelete: 4 }],
      codes: [['sweep_held', 'conversations']],
    });
    expect(await extraOf(repair)).toMatchObject({ conversations: { length: 4 } });
    expect(await approve(repair)).toEqual({ kind: 'notHeld' });
    expect((await contacts(db, connectionId)).deleted).toEqual([]);
    expect(await seenKeys(db, connectionId)).toBe(0);
  });

  test('E26 I11 a walk that is not proved to be whole says nothing of what is extra, and deletes nothing', async () => {
    const { connectionId, rest } = await damaged();
    const repair = await walk(db, connectionId, [{ rows: rest, isWhole: false }], 'full', REPAIR);
    expect(await reportOf(repair)).toMatchObject({
      sweeps: [{ status: 'skipped', reason: 'walk_unproved' }],
    });
    expect(await extraOf(repair)).toEqual({ conversations: null, messages: null });
    expect((await contacts(db, connectionId)).deleted).toEqual([]);
  });
});

describe('what comes between', () => {
  test.each([{}, DRY, REPAIR])(
    'E17 a row that a webhook writes while it walks is left alone: %j',
    async (walkOf) => {
      const { connectionId, all } = await stored(db, ...TEN);
      const [gone, touched = '', ...rest] = all;
      const syncId = await startWalk(db, connectionId, 'full', walkOf);
      const at = { syncId, connectionId, walk: walkOf };
      await show(db, { ...at, seq: 0, isLast: false }, { rows: rest });
      const record = { sender_id: touched, sender_name: 'by a webhook', as_of: '2025-01-01T00:00:00Z' };
      await db.sql`
      SELECT upsert_conversation_with_events(${connectionId}, '1001', ${JSON.stringify(record)}::text::jsonb)`;
      await show(db, { ...at, seq: 1, isLast: true }, {});
      expect(await reportOf(syncId)).toMatchObject({ counts: { deleted: 1 }, sweeps: [{ wouldDelete: 1 }] });
      expect((await contacts(db, connectionId)).deleted).toEqual(walkOf === DRY ? [] : [gone]);
    },
  );

  test.each([{}, DRY, REPAIR])(
    'E17 a row that somebody holds locked is not waited for: %j',
    async (walkOf) => {
      const { connectionId, all } = await stored(db, ...TEN);
      const [, locked = '', ...rest] = all;
      const syncId = await startWalk(db, connectionId, 'full', walkOf);
      await db.sql.begin(async (tx) => {
        await tx`SELECT 1 FROM messenger_conversations WHERE sender_id = ${locked} FOR NO KEY UPDATE`;
        await show(db, { syncId, connectionId, seq: 0, isLast: true, walk: walkOf }, { rows: rest });
      });
      expect((await reportOf(syncId)).sweeps).toMatchObject([{ wouldDelete: 2, deleted: 1 }]);
    },
  );
});

const NUM_RUNS = 12;
const SOME = 6;
const anyContact = fc.integer({ min: 0, max: SOME + 1 });
const anyWalk = fc.record({
  /** Some were there and vanished before. */
  deletedBefore: fc.uniqueArray(fc.integer({ min: 0, max: SOME - 1 }), { maxLength: 3 }),
  share: fc.constantFrom(0, 0.2, 0.35, 0.5, 1),
  pages: fc.array(
    fc.record({
      shown: fc.array(anyContact, { maxLength: 4 }),
      broken: fc.array(fc.option(anyContact, { freq: 8 }), { maxLength: 1 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  isWhole: fc.boolean().map((isDoubted) => !isDoubted),
});

test('E13 a dry run says of deletions, guard and warnings what the sync that follows does, whatever vanished', async () => {
  await fc.assert(
    fc.asyncProperty(anyWalk, async ({ deletedBefore, share, pages, isWhole }) => {
      const { connectionId, all } = await stored(
        db,
        ...Array.from({ length: SOME }, (_, index) => `c${index}`),
      );
      const name = (index: number) => all[index] ?? `${all[0]}-new-${index}`;
      await db.sql`
        UPDATE messenger_conversations SET deleted_at = now() - interval '1 hour', content_hash = ''
        WHERE sender_id = ANY (${deletedBefore.map(name)}::text[])`;
      await updateConnection(db, { tenantId, connectionId }, { sweepMaxShare: share });
      const shown = pages.map((page) => ({
        rows: page.shown.map(name),
        invalid: page.broken.map((index) => quarantined(index === null ? null : `t_${name(index)}`)),
        isWhole,
      }));
      const before = await untouchables(db.sql);
      const report = await reportOf(await dry(connectionId, shown));
      expect(await untouchables(db.sql)).toEqual(before);
      expect(report).toEqual(await reportOf(await walk(db, connectionId, shown)));
    }),
    { numRuns: NUM_RUNS },
  );
});

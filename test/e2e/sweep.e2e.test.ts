import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type GraphSimulator, startGraphSimulator } from '@tidemark/sandbox';
import { approveSweep, getSync } from '@tidemark/db';
import { startServices, type TestServices } from '../support/engine/backends.ts';
import { differences } from '../support/engine/compare-with-ledger.ts';
import { type Engine, openEngine } from '../support/engine/engine.ts';
import { type LocalWorker, startLocalWorker } from '../support/engine/local-worker.ts';
import { readRowVersions, readStoredPage, rewritten } from '../support/engine/stored-page.ts';
import { syncProblems } from '../support/engine/sync-row.ts';

const PAGE = '100000000000061';

let services: TestServices;
let source: GraphSimulator;
let engine: Engine;
let worker: LocalWorker;
let connectionId: string;

beforeAll(async () => {
  services = await startServices('redis');
  source = await startGraphSimulator({
    seed: 61,
    // With quarantined conversations among them, which are there, and do not keep a sweep from its work.
    pages: [
      { pageId: PAGE, accessToken: 'TOKEN', conversations: 60, messages: 900, longThreads: 1, odd: true },
    ],
  });
  const addresses = { ...services, graphUrl: source.url };
  engine = await openEngine(addresses);
  worker = await startLocalWorker(addresses);
  const page = { pageId: PAGE, accessToken: 'TOKEN', pageSize: 10, messagesPerConversation: 20 };
  connectionId = await engine.connect(page);
  await engine.completed(await engine.startSync(connectionId));
});
afterAll(async () => {
  await worker.stop();
  await engine.close();
  await source.close();
  await services.end();
});

/** A full sync to its end, with what it says of itself. */
async function fullSync() {
  const syncId = await engine.startSync(connectionId, 'full');
  await engine.completed(syncId);
  return { syncId, ...(await shown(syncId)) };
}

async function shown(syncId: string) {
  const sync = await getSync(engine.db, { tenantId: await tenant(), syncId });
  if (sync === null) throw new Error('the sync vanished');
  const { sweeps, warnings, progress, partial } = sync;
  return { sweeps, codes: warnings.map(({ code }) => code), records: progress.records, partial };
}

async function tenant(): Promise<string> {
  const [row] = await engine.db.sql<
    { id: string }[]
  >`SELECT tenant_id AS id FROM connections WHERE id = ${connectionId}`;
  return row?.id ?? '';
}

/** Removes conversations that are stored from the source, the oldest first; returns their contacts. */
function remove(count: number): string[] {
  const gone = source.ledger.expected(PAGE).conversations.slice(-count);
  for (const { graphId } of gone) source.source.deleteConversation(graphId);
  return gone.map(({ contactId }) => contactId);
}

async function deleted(): Promise<Set<string>> {
  const rows = await engine.db.sql<{ contact: string }[]>`
    SELECT sender_id AS contact FROM messenger_conversations WHERE deleted_at IS NOT NULL`;
  return new Set(rows.map(({ contact }) => contact));
}

async function differencesFromLedger(): Promise<string[]> {
  return differences(source.ledger.expected(PAGE), await readStoredPage(engine.db, PAGE));
}

let gone: string[];

test('E17 a full sync that lost a page to an error deletes nothing', async () => {
  gone = remove(3);
  const long = source.ledger.expected(PAGE).conversations.find((one) => one.messages.length > 100);
  if (long === undefined) throw new Error('the source has no long thread');
  const fault = { type: 'error' as const, code: 100, subcode: 33 };
  source.faults.add({ fault, when: { edge: 'messages', objectId: long.graphId } });
  const { partial, sweeps, codes } = await fullSync();
  expect([partial, codes]).toEqual([true, []]);
  expect(sweeps).toEqual([expect.objectContaining({ status: 'skipped', reason: 'partial' })]);
  expect(await deleted()).toEqual(new Set());
  source.faults.clear();
});

test('E17 a normal one marks exactly the vanished, and rewrites no other row', async () => {
  const before = await readRowVersions(engine.db);
  const { syncId, sweeps, codes, records } = await fullSync();
  expect(sweeps).toEqual([expect.objectContaining({ status: 'swept', deleted: 3 })]);
  expect([codes, records.deleted]).toEqual([[], 3]);
  expect(await deleted()).toEqual(new Set(gone));
  expect(await differencesFromLedger()).toEqual([]);
  const keys = new Set(gone.map((contact) => `conversation ${contact}`));
  expect(rewritten(before, await readRowVersions(engine.db))).toEqual(keys);
  expect(await syncProblems(engine.db, syncId)).toEqual([]);
  const [left] = await engine.db.sql`SELECT count(*)::int AS count FROM sync_seen`;
  expect(left).toEqual({ count: 0 });
});

test('E17 they come back when the source shows them again', async () => {
  const [contactId = ''] = gone;
  source.source.addConversation({ pageId: PAGE, contactId, messages: 2 });
  await engine.completed(await engine.startSync(connectionId));
  expect(await deleted()).toEqual(new Set(gone.slice(1)));
});

test('E17 one that would delete 40 % stops at the guard and asks; approved, it deletes exactly these', async () => {
  const { totals } = source.ledger.expected(PAGE, { totalsOnly: true });
  const alreadyDeleted = await deleted();
  const many = remove(Math.ceil(totals.conversations * 0.4));
  const { syncId, sweeps, codes } = await fullSync();
  expect(sweeps).toEqual([
    expect.objectContaining({
      status: 'held',
      wouldDelete: many.length,
      of: totals.conversations,
      deleted: 0,
    }),
  ]);
  expect(codes).toContain('sweep_held');
  expect(await deleted()).toEqual(alreadyDeleted);
  expect(worker.seen('sweep.closed').at(-1)).toMatchObject({ syncId, status: 'held' });
  expect(worker.seen('sync.suspicious').map(({ code }) => code)).toContain('sweep_held');

  const outcome = await approveSweep(engine.db, { tenantId: await tenant(), syncId });
  expect(outcome).toEqual({ kind: 'swept', deleted: many.length });
  expect(await deleted()).toEqual(new Set([...alreadyDeleted, ...many]));
});

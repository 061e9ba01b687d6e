import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type GraphSimulator, startGraphSimulator } from '@tidemark/sandbox';
import { startServices, type TestServices } from '../support/engine/backends.ts';
import { differences } from '../support/engine/compare-with-ledger.ts';
import { type Engine, openEngine } from '../support/engine/engine.ts';
import { type LocalWorker, startLocalWorker } from '../support/engine/local-worker.ts';
import { readAgain } from '../support/engine/served-calls.ts';
import { readStoredPage } from '../support/engine/stored-page.ts';

let services: TestServices;
let source: GraphSimulator;
let engine: Engine;
let worker: LocalWorker;
let pages = 0;

beforeAll(async () => {
  services = await startServices('redis');
  source = await startGraphSimulator({ seed: 41 });
  const addresses = { ...services, graphUrl: source.url };
  engine = await openEngine(addresses);
  worker = await startLocalWorker(addresses);
});
afterEach(() => {
  source.faults.clear();
  source.ledger.reset();
});
afterAll(async () => {
  await worker.stop();
  await engine.close();
  await source.close();
  await services.end();
});

async function newPage(spec: {
  conversations: number;
  messages: number;
  longThreads: number;
}): Promise<string> {
  pages += 1;
  const pageId = String(100_000_000_000_400 + pages);
  source.addPage({ pageId, accessToken: `TOKEN-${pageId}`, ...spec });
  return pageId;
}

async function syncWhole(pageId: string): Promise<string> {
  const connectionId = await engine.connect({
    pageId,
    accessToken: `TOKEN-${pageId}`,
    pageSize: 10,
    messagesPerConversation: 20,
  });
  const syncId = await engine.startSync(connectionId);
  await engine.completed(syncId);
  expect(differences(source.ledger.expected(pageId), await readStoredPage(engine.db, pageId))).toEqual([]);
  return syncId;
}

/** Messages the source sent with their contents, beyond those that exist. */
function messagesSentTwice(pageId: string): number {
  const sent = source.ledger
    .calls({ pageId })
    .reduce((sum, call) => sum + (call.status === 200 ? call.messages : 0), 0);
  return sent - source.ledger.expected(pageId).totals.messages;
}

async function lostCursors(syncId: string): Promise<number> {
  const [row] = await engine.db.sql<{ count: number }[]>`
    SELECT count(*)::int AS count FROM sync_transitions WHERE sync_id = ${syncId} AND cause = 'source_cursor_stale'`;
  return row?.count ?? 0;
}

const MODES = [
  ['error 2642', { mode: '2642' as const }],
  ['error 100', { mode: '100' as const }],
  ['an answer from another place', { mode: 'wrong-position' as const, shift: -25 }],
] as const;

describe.each(MODES)('a stale cursor that shows as %s', (_, fault) => {
  test('among conversations costs no message twice, and is in the history', async () => {
    const pageId = await newPage({ conversations: 150, messages: 1_200, longThreads: 0 });
    const when = { edge: 'conversations' as const, cursor: 'later' as const };
    source.faults.add({ fault: { type: 'stale-cursor', ...fault }, when, nth: 8, count: 1 });
    const syncId = await syncWhole(pageId);
    expect(await lostCursors(syncId)).toBe(1);
    // A page from another place is seen only after it was sent.
    const misled = fault.mode === 'wrong-position' ? 10 * 20 : 0;
    expect(messagesSentTwice(pageId)).toBeLessThanOrEqual(misled);
  });

  test('among the messages of a conversation costs at most one page of them', async () => {
    const pageId = await newPage({ conversations: 3, messages: 2_400, longThreads: 2 });
    source.faults.add({
      fault: { type: 'stale-cursor', ...fault },
      when: { edge: 'messages' },
      nth: 4,
      count: 1,
    });
    const syncId = await syncWhole(pageId);
    expect(await lostCursors(syncId)).toBe(1);
    const again = readAgain(source.ledger.calls({ pageId }));
    expect(again.map(({ times }) => times)).toEqual([2]);
  });
});

test('a source that has no order is walked as it comes', async () => {
  const pageId = await newPage({ conversations: 60, messages: 300, longThreads: 0 });
  source.configure({ unordered: 'conversations' }, pageId);
  await syncWhole(pageId);
});

test('cursors that are always refused fail the sync', async () => {
  const pageId = await newPage({ conversations: 150, messages: 300, longThreads: 0 });
  source.faults.add({
    fault: { type: 'stale-cursor', mode: '2642' },
    when: { edge: 'conversations', cursor: 'later' },
  });
  const connectionId = await engine.connect({ pageId, accessToken: `TOKEN-${pageId}`, pageSize: 10 });
  const ended = await engine.ended(await engine.startSync(connectionId));
  expect(ended).toMatchObject({ status: 'failed', errorCode: 'source_cursor_stale' });
});

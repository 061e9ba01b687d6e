import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ExpectedConversation, type GraphSimulator, startGraphSimulator } from '@tidemark/sandbox';
import { retryFailedPages } from '@tidemark/db';
import { startServices, type TestServices } from '../support/engine/backends.ts';
import { differences } from '../support/engine/compare-with-ledger.ts';
import { type Engine, openEngine } from '../support/engine/engine.ts';
import { type LocalWorker, startLocalWorker } from '../support/engine/local-worker.ts';
import { readStoredPage } from '../support/engine/stored-page.ts';

const PAGE = '100000000000031';
const GONE = { type: 'error' as const, code: 100, subcode: 33 };

let services: TestServices;
let source: GraphSimulator;
let engine: Engine;
let worker: LocalWorker;
let connectionId: string;

beforeAll(async () => {
  services = await startServices('redis');
  source = await startGraphSimulator({
    seed: 31,
    pages: [{ pageId: PAGE, accessToken: 'TOKEN', conversations: 40, messages: 2_000, longThreads: 3 }],
  });
  const addresses = { ...services, graphUrl: source.url };
  engine = await openEngine(addresses);
  worker = await startLocalWorker(addresses);
  connectionId = await engine.connect({
    pageId: PAGE,
    accessToken: 'TOKEN',
    pageSize: 10,
    messagesPerConversation: 20,
  });
});
afterAll(async () => {
  await worker.stop();
  await engine.close();
  await source.close();
  await services.end();
});

/** A conversation that needs further pages of messages. */
function longThread(index: number): ExpectedConversation {
  const long = source.ledger.expected(PAGE).conversations.filter((one) => one.messages.length > 300);
  const found = long[index];
  if (found === undefined) throw new Error('the source has no such thread');
  return found;
}

async function failedPages(syncId: string) {
  const rows = await engine.db.sql`
    SELECT what, error_code, status FROM sync_failed_pages WHERE sync_id = ${syncId} ORDER BY id`;
  return rows.map((row) => ({ ...row }));
}

async function watermark(): Promise<unknown> {
  const [row] = await engine.db.sql`SELECT watermark FROM sync_state WHERE connection_id = ${connectionId}`;
  return row?.watermark;
}

async function retry(syncId: string): Promise<string> {
  const outcome = await retryFailedPages(engine.db, {
    syncId,
    connectionId,
    priority: 'normal',
    cause: 'test',
  });
  if (outcome.kind !== 'started') throw new Error(`no retry: ${outcome.kind}`);
  const { seq, pickup, priority } = outcome.job;
  await engine.queues.add({ name: 'sync-page', payload: { syncId: outcome.syncId, seq, pickup }, priority });
  return outcome.syncId;
}

describe('a conversation whose messages always fail', () => {
  let syncId: string;
  let spoilt: ExpectedConversation[];

  test('costs itself only: the rest arrives, the sync is partial, and lists what is missing', async () => {
    spoilt = [longThread(0), longThread(1)];
    for (const thread of spoilt) {
      source.faults.add({ fault: GONE, when: { edge: 'messages', objectId: thread.graphId } });
    }
    syncId = await engine.startSync(connectionId);
    await engine.completed(syncId);
    const [sync] = await engine.db.sql`SELECT partial, failed_pages FROM syncs WHERE id = ${syncId}`;
    expect(sync).toEqual({ partial: true, failed_pages: 2 });
    expect(await failedPages(syncId)).toEqual(
      spoilt.map(({ graphId }) => ({
        what: `messages of conversation ${graphId}`,
        error_code: 'source_request_invalid',
        status: 'open',
      })),
    );
    const missing = new Set(spoilt.map((thread) => thread.contactId));
    const expected = source.ledger.expected(PAGE);
    const others = {
      ...expected,
      conversations: expected.conversations.filter((one) => !missing.has(one.contactId)),
    };
    const stored = (await readStoredPage(engine.db, PAGE)).filter((one) => !missing.has(one.contactId));
    expect(differences(others, stored)).toEqual([]);
  });

  test('the watermark does not move past it', async () => {
    expect(await watermark()).toBeNull();
  });

  test('a retry that fails again says so, and leaves the page to the next one', async () => {
    const second = await retry(syncId);
    await engine.completed(second);
    expect((await failedPages(syncId)).map((page) => page.status)).toEqual(['failed_again', 'failed_again']);
    expect((await failedPages(second)).map((page) => page.status)).toEqual(['open', 'open']);
    expect(await watermark()).toBeNull();
    expect(
      (await retryFailedPages(engine.db, { syncId, connectionId, priority: 'normal', cause: 'test' })).kind,
    ).toBe('nothing');
    syncId = second;
  });

  test('a retry mends it alone, with only its own calls, and lets the watermark go', async () => {
    source.faults.clear();
    source.ledger.reset();
    const third = await retry(syncId);
    await engine.completed(third);
    const calls = source.ledger.calls({ pageId: PAGE });
    expect(new Set(calls.map((call) => call.objectId))).toEqual(
      new Set(spoilt.map((thread) => thread.graphId)),
    );
    expect(differences(source.ledger.expected(PAGE), await readStoredPage(engine.db, PAGE))).toEqual([]);
    const newest = source.ledger.expected(PAGE).conversations[0]?.updatedTime;
    expect(await watermark()).toEqual({ updatedTime: new Date(newest ?? 0).toISOString() });
    expect((await failedPages(syncId)).map((page) => page.status)).toEqual(['mended', 'mended']);
  });
});

test('a conversation that spoils the page it is listed on is told from the others', async () => {
  const spoilt = longThread(2);
  // Its nested messages break every page of conversations, and its own edge breaks too.
  source.faults.add({ fault: GONE, when: { edge: 'messages', objectId: spoilt.graphId } });
  source.faults.add({ fault: { type: 'error', code: 100 }, when: { edge: 'conversations' }, count: 1 });
  const syncId = await engine.startSync(connectionId, 'full');
  await engine.completed(syncId);
  expect(await failedPages(syncId)).toMatchObject([{ what: `messages of conversation ${spoilt.graphId}` }]);
  expect(differences(source.ledger.expected(PAGE), await readStoredPage(engine.db, PAGE))).toEqual([]);
  source.faults.clear();
});

test('a source that answers nobody fails the sync instead of leaving everything out', async () => {
  source.faults.add({ fault: { type: 'error', code: 100 } });
  const syncId = await engine.startSync(connectionId, 'full');
  const ended = await engine.ended(syncId);
  expect(ended).toMatchObject({ status: 'failed', errorCode: 'source_request_invalid' });
  source.faults.clear();
});

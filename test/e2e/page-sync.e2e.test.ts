/**
 * `pg` loads its pool with require, and must not be given the module that is meant for import.
 *
 * @jest-environment-options {"customExportConditions": ["source", "node"]}
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLogger, type RunningApi, startApi } from '@tidemark/api';
import { type GraphSimulator, startGraphSimulator } from '@tidemark/sandbox';
import { ADMIN_KEY, type ApiClient, apiClient, expectAnswer } from '../support/engine/api-client.ts';
import { BACKENDS, startServices, type TestServices } from '../support/engine/backends.ts';
import { differences } from '../support/engine/compare-with-ledger.ts';
import { type Engine, openEngine } from '../support/engine/engine.ts';
import { type LocalWorker, startLocalWorker } from '../support/engine/local-worker.ts';
import { expectedQuarantine, readQuarantine } from '../support/engine/quarantined.ts';
import { readAgain } from '../support/engine/served-calls.ts';
import { engineEnvironment, engineKeyring, engineVariables } from '../support/engine/settings.ts';
import { readRowVersions, readStoredPage, rewritten } from '../support/engine/stored-page.ts';
import { leftovers, syncProblems } from '../support/engine/sync-row.ts';

const PAGE = '100000000000001';
const TOKEN = 'EAABpage-sync';
/** Nested pages hold 60 messages, so that many threads go on, and the long ones over several further pages. */
const CONFIG = { pageId: PAGE, pageSize: 50, messagesPerConversation: 60 };
const SOURCE = {
  pageId: PAGE,
  accessToken: TOKEN,
  conversations: 1_000,
  messages: 20_000,
  longThreads: 6,
  odd: true,
};

describe.each(BACKENDS)('syncs of a Page, started through the API, over the queue in %s', (backend) => {
  let services: TestServices;
  let source: GraphSimulator;
  let engine: Engine;
  let worker: LocalWorker;
  let api: RunningApi;
  let client: ApiClient;
  let connectionId: string;
  let firstSyncId: string;

  beforeAll(async () => {
    services = await startServices(backend);
    source = await startGraphSimulator({ seed: 7, pages: [SOURCE] });
    const addresses = { ...services, graphUrl: source.url };
    engine = await openEngine(addresses);
    worker = await startLocalWorker(addresses);
    api = await startApi({
      environment: engineEnvironment(
        engineVariables(addresses, { PORT: '0', TIDEMARK_ADMIN_KEY: ADMIN_KEY }),
      ),
      databaseUrl: services.databaseUrl,
      keyring: engineKeyring(),
      logger: createLogger('silent'),
    });
    client = apiClient(api.url);
    connectionId = await connect(client);
    firstSyncId = await completeSync();
  });

  afterAll(async () => {
    await api.stop();
    await worker.stop();
    await engine.close();
    await source.close();
    await services.end();
  });

  /** Runs a sync to its end and returns its id. */
  async function completeSync(): Promise<string> {
    const started = await expectAnswer(client, 202, 'POST', `/v1/connections/${connectionId}/syncs`, {});
    const syncId = String(started.id);
    await engine.completed(syncId);
    return syncId;
  }

  async function expectTablesToEqualTheLedger(): Promise<void> {
    expect(differences(source.ledger.expected(PAGE), await readStoredPage(engine.db, PAGE))).toEqual([]);
  }

  test('M1 M3 the first sync stores exactly what the source holds, and its books add up', async () => {
    await expectTablesToEqualTheLedger();
    const { totals } = source.ledger.expected(PAGE, { totalsOnly: true });
    expect(totals).toMatchObject({ longThreads: 6, sourceConversations: 1_000, sourceMessages: 20_000 });

    const quarantine = expectedQuarantine(source.ledger.expected(PAGE));
    expect(await readQuarantine(engine.db, connectionId)).toEqual(quarantine);
    const inserted = totals.conversations + totals.messages;
    const read = inserted + quarantine.length;
    expect(await engine.sync(firstSyncId)).toMatchObject({
      mode: 'full',
      inserted,
      read,
      updated: 0,
      skipped: 0,
    });
    expect(await syncProblems(engine.db, firstSyncId)).toEqual([]);
    expect(await leftovers(engine.db)).toEqual([]);
    expect(readAgain(source.ledger.calls())).toEqual([]);
  });

  test('the API tells the same figures as the tables', async () => {
    const sync = await engine.sync(firstSyncId);
    const shown = await expectAnswer(client, 200, 'GET', `/v1/syncs/${firstSyncId}`);
    const { read, inserted, updated, skipped, stale, quarantined } = sync;
    expect(shown).toMatchObject({
      status: 'completed',
      partial: false,
      progress: {
        pages: sync.pageCount,
        apiCalls: sync.apiCalls,
        records: { read, inserted, updated, skipped, stale, quarantined },
      },
    });
    expect(sync.apiCalls).toBe(sync.pageCount);
  });

  test('E12 E14 a second sync of an unchanged Page costs three calls at most and rewrites no row', async () => {
    await expectTablesToEqualTheLedger();
    const before = await readRowVersions(engine.db);
    const callsBefore = source.ledger.total;
    const syncId = await completeSync();
    const calls = source.ledger.total - callsBefore;
    expect(calls).toBeGreaterThan(0);
    expect(calls).toBeLessThanOrEqual(3);
    expect(await engine.sync(syncId)).toMatchObject({
      mode: 'incremental',
      inserted: 0,
      updated: 0,
      stale: 0,
    });
    expect(rewritten(before, await readRowVersions(engine.db))).toEqual(new Set());
    expect(await syncProblems(engine.db, syncId)).toEqual([]);
  });

  test('E12 E14 a sync after some changes at the source stores exactly these', async () => {
    const before = await readRowVersions(engine.db);
    const changes = changeSource(source);
    const syncId = await completeSync();
    await expectTablesToEqualTheLedger();
    expect(rewritten(before, await readRowVersions(engine.db))).toEqual(changes.keys);
    expect(await engine.sync(syncId)).toMatchObject({
      mode: 'incremental',
      inserted: changes.inserted,
      updated: changes.updated,
      stale: 0,
    });
    expect(await syncProblems(engine.db, syncId)).toEqual([]);
    expect(source.ledger.calls().length).toBeLessThan(1_000);
  });
});

async function connect(client: ApiClient): Promise<string> {
  const connection = await expectAnswer(client, 201, 'POST', '/v1/connections', {
    connector: 'messenger',
    name: 'Test Page',
    config: CONFIG,
    credentials: { accessToken: TOKEN },
  });
  for (const pool of ['messenger:app', `messenger:page:${PAGE}`]) {
    const path = `/v1/limits/${encodeURIComponent(pool)}`;
    await expectAnswer(client, 200, 'PATCH', path, { maxCalls: 20_000, perSeconds: 2, maxConcurrent: null });
  }
  return String(connection.id);
}

/** Changes the source; returns which rows have to be written for it, and how they have to be counted. */
function changeSource(source: GraphSimulator): { keys: Set<string>; inserted: number; updated: number } {
  const { conversations } = source.ledger.expected(PAGE);
  const long = conversations.find((conversation) => conversation.messages.length > 300);
  const [oldest, another] = [conversations.at(-1), conversations.at(500)];
  const edited = conversations.filter((item) => item.messages.length > 2 && item !== long).slice(10, 12);
  if (long === undefined || oldest === undefined || another === undefined) throw new Error('too little data');

  const keys = new Set<string>();
  for (const { graphId, contactId } of [long, long, oldest, another]) {
    keys.add(`conversation ${contactId}`);
    keys.add(`message ${source.source.addMessage({ conversationId: graphId }).id}`);
  }
  for (const { contactId, messages } of edited) {
    const message = messages.at(-2);
    if (message === undefined) throw new Error('too little data');
    source.source.editMessage(message.id, 'edited at the source', { bump: true });
    keys.add(`conversation ${contactId}`);
    keys.add(`message ${message.id}`);
  }
  // More messages than come nested, so that it has to be paged.
  const added = source.source.addConversation({ pageId: PAGE, messages: 130 });
  keys.add(`conversation ${added.contactId}`);
  for (const message of added.messages) keys.add(`message ${message.id}`);
  return { keys, inserted: 4 + 1 + 130, updated: 3 + 2 + 2 };
}

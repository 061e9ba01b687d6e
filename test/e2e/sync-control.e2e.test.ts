import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLogger, type RunningApi, startApi } from '@tidemark/api';
import { type CallRecord, type GraphSimulator, startGraphSimulator } from '@tidemark/sandbox';
import { ADMIN_KEY, type ApiClient, apiClient, expectAnswer } from '../support/engine/api-client.ts';
import { BACKENDS, startServices, type TestServices } from '../support/engine/backends.ts';
import { differences } from '../support/engine/compare-with-ledger.ts';
import { type Engine, openEngine } from '../support/engine/engine.ts';
import { type LocalWorker, startLocalWorker } from '../support/engine/local-worker.ts';
import { readAgain } from '../support/engine/served-calls.ts';
import { engineEnvironment, engineKeyring, engineVariables } from '../support/engine/settings.ts';
import { readRowVersions, readStoredPage, rewritten } from '../support/engine/stored-page.ts';
import { leftovers } from '../support/engine/sync-row.ts';
import { loggedEvents, STRUCK_EVENT, startWorkerProcess } from '../support/engine/worker-process.ts';
import { eventually } from '../support/eventually.ts';
import { type Program, startProgram } from '../support/processes.ts';

/** An engine with its API, a source, and no worker yet. */
interface Rig {
  services: TestServices;
  source: GraphSimulator;
  engine: Engine;
  api: RunningApi;
  client: ApiClient;
  close(): Promise<void>;
}

async function openRig(backend: (typeof BACKENDS)[number]): Promise<Rig> {
  const services = await startServices(backend);
  const source = await startGraphSimulator({ seed: 11 });
  const addresses = { ...services, graphUrl: source.url };
  const engine = await openEngine(addresses);
  const variables = engineVariables(addresses, { PORT: '0', TIDEMARK_ADMIN_KEY: ADMIN_KEY });
  const api = await startApi({
    environment: engineEnvironment(variables),
    databaseUrl: services.databaseUrl,
    keyring: engineKeyring(),
    logger: createLogger('silent'),
  });
  const close = async () => {
    await api.stop();
    await engine.close();
    await source.close();
    await services.end();
  };
  return { services, source, engine, api, client: apiClient(api.url), close };
}

/** Far less than a lease, or a call that hangs, would take; far more than a busy machine needs. */
const SOON_MS = 25_000;

const PAGES = 12;
let numbers = 700;

/** A Page of the source that takes about a dozen calls to read, connected. */
async function connectPage({ source, engine }: Rig): Promise<{ pageId: string; connectionId: string }> {
  numbers += 1;
  const pageId = `100000000000${numbers}`;
  const accessToken = `EAAB${pageId}`;
  source.addPage({ pageId, accessToken, conversations: PAGES * 10, messages: PAGES * 30 });
  const connectionId = await engine.connect({
    pageId,
    accessToken,
    pageSize: 10,
    messagesPerConversation: 50,
  });
  return { pageId, connectionId };
}

const start = async (rig: Rig, connectionId: string): Promise<string> =>
  String((await expectAnswer(rig.client, 202, 'POST', `/v1/connections/${connectionId}/syncs`, {})).id);

/** Asks for something to be done to a sync; how long the answer took, in milliseconds. */
async function ask(rig: Rig, syncId: string, what: string): Promise<number> {
  const startedAt = performance.now();
  await expectAnswer(rig.client, 200, 'POST', `/v1/syncs/${syncId}/${what}`);
  return performance.now() - startedAt;
}

/** The version of everything a sync may write: records, progress, checkpoint, history, leases. */
async function written({ engine }: Rig): Promise<Map<string, string>> {
  const rows = await engine.db.sql<{ key: string; version: string }[]>`
    SELECT 'sync ' || id AS key, xmin::text || ctid::text AS version FROM syncs
    UNION ALL SELECT 'state ' || connection_id || stream, xmin::text || ctid::text FROM sync_state
    UNION ALL SELECT 'lease ' || key, fencing_token::text FROM sync_locks
    UNION ALL SELECT 'quarantine ' || id, xmin::text FROM quarantine
    UNION ALL SELECT 'transitions', count(*)::text FROM sync_transitions
    UNION ALL SELECT 'events', count(*)::text FROM sync_events`;
  const own = rows.map(({ key, version }): [string, string] => [key, version]);
  return new Map([...own, ...(await readRowVersions(engine.db))]);
}

/** The call that hangs at the source, once it arrived there. */
async function hangingCall({ source }: Rig, pageId: string): Promise<CallRecord> {
  return await eventually(() => {
    const call = source.ledger.calls({ pageId }).find(({ faults }) => faults.includes('hang'));
    if (call === undefined) throw new Error('no call hangs yet');
    return call;
  });
}

const hangAt = ({ source }: Rig, pageId: string, nth: number) =>
  source.faults.add({ fault: { type: 'hang' }, when: { pageId }, nth });

async function expectComplete(rig: Rig, syncId: string, pageId: string): Promise<void> {
  await rig.engine.completed(syncId);
  expect(
    differences(rig.source.ledger.expected(pageId), await readStoredPage(rig.engine.db, pageId)),
  ).toEqual([]);
}

describe.each(BACKENDS)('a sync under way, over the queue in %s', (backend) => {
  let rig: Rig;
  let worker: LocalWorker;
  beforeAll(async () => {
    rig = await openRig(backend);
    worker = await startLocalWorker({ ...rig.services, graphUrl: rig.source.url });
  });
  afterAll(async () => {
    await worker.stop();
    await rig.close();
  });

  test('E11 I10 a pause ends the call in flight, writes nothing afterwards, and goes on where it stood', async () => {
    const { pageId, connectionId } = await connectPage(rig);
    hangAt(rig, pageId, 6);
    const syncId = await start(rig, connectionId);
    const call = await hangingCall(rig, pageId);
    expect(await ask(rig, syncId, 'pause')).toBeLessThan(SOON_MS);
    const acknowledged = await written(rig);
    await eventually(() => expect(call.durationMs).not.toBeNull());
    await eventually(() =>
      expect(worker.seen('page.superseded').map((seen) => seen.syncId)).toContain(syncId),
    );
    expect(rewritten(acknowledged, await written(rig))).toEqual(new Set());
    expect(await rig.engine.sync(syncId)).toMatchObject({ status: 'paused', seq: 5 });

    await ask(rig, syncId, 'resume');
    await expectComplete(rig, syncId, pageId);
    expect(readAgain(rig.source.ledger.calls({ pageId }))).toEqual([]);
    expect(await leftovers(rig.engine.db)).toEqual([]);
  });

  test('E11 I10 pauses at any moment are each followed by no write, and the end is complete', async () => {
    const { pageId, connectionId } = await connectPage(rig);
    const syncId = await start(rig, connectionId);
    for (let seq = 1; seq < PAGES; seq += 1) {
      await rig.engine.reachedPage(syncId, seq);
      for (let turn = 0; turn < seq * 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      const { status } = await rig.client.call('POST', `/v1/syncs/${syncId}/pause`);
      if (status !== 200) break;
      const acknowledged = await written(rig);
      await eventually(() => expect(rig.source.ledger.running).toBe(0));
      expect(rewritten(acknowledged, await written(rig))).toEqual(new Set());
      await ask(rig, syncId, 'resume');
    }
    await expectComplete(rig, syncId, pageId);
    const sync = await rig.engine.sync(syncId);
    expect(sync.pageCount).toBe(sync.seq);
  });

  test('E11 L7 a retry of a failed and of a cancelled sync reads no known page again', async () => {
    const { pageId, connectionId } = await connectPage(rig);
    const refusal = { type: 'error', code: 368, status: 400 } as const;
    rig.source.faults.add({ fault: refusal, when: { pageId }, nth: 4 });
    hangAt(rig, pageId, 8);
    const failed = await start(rig, connectionId);
    expect(await rig.engine.ended(failed)).toMatchObject({ status: 'failed', seq: 3 });

    const second = await expectAnswer(rig.client, 202, 'POST', `/v1/syncs/${failed}/retry`);
    expect(second).toMatchObject({ trigger: 'retry', retryOf: failed });
    await hangingCall(rig, pageId);
    await ask(rig, String(second.id), 'cancel');
    expect((await rig.engine.sync(String(second.id))).seq).toBe(3);

    const third = await expectAnswer(rig.client, 202, 'POST', `/v1/syncs/${String(second.id)}/retry`);
    await expectComplete(rig, String(third.id), pageId);
    expect(readAgain(rig.source.ledger.calls({ pageId }))).toEqual([]);
  });
});

describe('a sync whose worker does not answer', () => {
  /** Neither the end of a lease nor the sweep comes to help within the time of a test. */
  const variables = { LEASE_SECONDS: '300', SWEEP_SECONDS: '60' };
  let rig: Rig;
  beforeAll(async () => {
    rig = await openRig('redis');
  });
  afterAll(() => rig.close());

  const newWorker = (plan?: Parameters<typeof startWorkerProcess>[2]): Promise<Program> =>
    startWorkerProcess(startProgram, { ...rig.services, graphUrl: rig.source.url }, { variables, ...plan });

  test('E11 I6 is cancelled while the worker is stopped, which is fenced off when it wakes', async () => {
    const { pageId, connectionId } = await connectPage(rig);
    hangAt(rig, pageId, 4);
    const stopped = await newWorker();
    const syncId = await start(rig, connectionId);
    const call = await hangingCall(rig, pageId);
    stopped.signal('SIGSTOP');
    expect(await ask(rig, syncId, 'cancel')).toBeLessThan(SOON_MS);

    const other = await newWorker();
    const next = await start(rig, connectionId);
    await expectComplete(rig, next, pageId);
    const before = await written(rig);
    stopped.signal('SIGCONT');
    await stopped.waitForLine(/page\.superseded/);
    await eventually(() => expect(call.durationMs).not.toBeNull());
    expect(rewritten(before, await written(rig))).toEqual(new Set());
    expect(loggedEvents(stopped, 'page.broken')).toEqual([]);
    await Promise.all([stopped.stop(), other.stop()]);
  });

  test('E11 I10 is cancelled within seconds while the worker is stopped in the middle of its commit', async () => {
    const { pageId, connectionId } = await connectPage(rig);
    const stopped = await newWorker({ plan: { signal: 'SIGSTOP', at: { point: 'insideCommit', seq: 2 } } });
    const syncId = await start(rig, connectionId);
    // It stops itself with the locks of its commit in its hands, the moment after it says so.
    await stopped.waitForLine(new RegExp(STRUCK_EVENT));
    expect(await ask(rig, syncId, 'cancel')).toBeLessThan(SOON_MS);
    const acknowledged = await written(rig);
    expect(await rig.engine.sync(syncId)).toMatchObject({ status: 'cancelled', seq: 2 });

    // It survives the loss of its session, and the half of the page it was at is nowhere.
    const heard = stopped.lines.length;
    stopped.signal('SIGCONT');
    await stopped.waitForLine(/page\.superseded/, { from: heard });
    expect(rewritten(acknowledged, await written(rig))).toEqual(new Set());
    const retried = await expectAnswer(rig.client, 202, 'POST', `/v1/syncs/${syncId}/retry`);
    await expectComplete(rig, String(retried.id), pageId);
    expect((await stopped.stop()).code).toBe(0);
  });

  test('E11 L6 is paused and resumed on another worker when its own was killed', async () => {
    const { pageId, connectionId } = await connectPage(rig);
    hangAt(rig, pageId, 4);
    const killed = await newWorker();
    const syncId = await start(rig, connectionId);
    await hangingCall(rig, pageId);
    await killed.kill();
    await ask(rig, syncId, 'pause');
    const other = await newWorker();
    await ask(rig, syncId, 'resume');
    await expectComplete(rig, syncId, pageId);
    expect(await rig.engine.sync(syncId)).toMatchObject({ pickup: 1 });
    expect(readAgain(rig.source.ledger.calls({ pageId }))).toEqual([]);
    await other.stop();
  });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { updateLimitPool } from '@tidemark/db';
import { appSecretProof } from '@tidemark/sandbox';
import { openStage, type Stage, type StagedPage } from '../support/engine/stage.ts';
import { type RecordingProxy, startRecordingProxy } from '../support/engine/recording-proxy.ts';
import { eventually } from '../support/eventually.ts';

const SECRET = 'app-secret-of-the-test';
const SMALL = { conversations: 40, messages: 500, longThreads: 0 };
const CONNECT = { pageSize: 5, messagesPerConversation: 20 };

let proxy: RecordingProxy;
let stage: Stage;

beforeAll(async () => {
  proxy = await startRecordingProxy();
  stage = await openStage('redis', {
    graphUrl: (sourceUrl) => {
      proxy.forwardTo(sourceUrl);
      return proxy.url;
    },
  });
});
afterAll(async () => {
  await stage.close();
  await proxy.close();
});

async function connectionStatus(page: StagedPage): Promise<string | undefined> {
  const [row] = await stage.engine.db.sql<{ status: string }[]>`
    SELECT status FROM connections WHERE id = ${page.connectionId}`;
  return row?.status;
}

describe('a source that refuses', () => {
  test.each([
    { refusal: 'an expired token', code: 190, errorCode: 'source_unauthorized', action: 'access token' },
    { refusal: 'a missing permission', code: 200, errorCode: 'source_forbidden', action: 'pages_messaging' },
  ])(
    'M9 $refusal fails the sync at once, keeps what is stored, and says what to do',
    async ({ code, errorCode, action }) => {
      const page = await stage.addPage({ ...SMALL, connect: CONNECT });
      const { engine, source } = stage;
      source.faults.add({ fault: { type: 'error', code }, when: { pageId: page.pageId }, after: 3 });
      const syncId = await engine.startSync(page.connectionId);
      const sync = await engine.ended(syncId);
      expect(sync).toMatchObject({ status: 'failed', attempt: 1, errorCode, seq: 3 });
      expect(sync.errorAction).toContain(action);
      expect(await connectionStatus(page)).toBe('needs_reauth');
      expect(source.ledger.calls({ pageId: page.pageId })).toHaveLength(4);
      const [stored] = await engine.db.sql<{ count: number }[]>`
        SELECT count(*)::int AS count FROM messenger_conversations WHERE page_id = ${page.pageId}`;
      expect(stored?.count).toBeGreaterThan(0);
    },
  );

  test('M9 a throttle pauses the budget for as long as the source says, and spends no attempt', async () => {
    const page = await stage.addPage({ ...SMALL, connect: CONNECT });
    const { engine, source } = stage;
    const when = { pageId: page.pageId };
    source.faults.add({ fault: { type: 'throttle', code: 80006, minutes: 7 }, when, after: 3, count: 1 });
    const syncId = await engine.startSync(page.connectionId);
    const pausedFor = await eventually(() => pausedSeconds(page));
    expect(pausedFor).toBeGreaterThan(6.5 * 60);
    // The clock of a virtual machine may step back by a blink.
    expect(pausedFor).toBeLessThan(7 * 60 + 1);
    const sync = await eventually(async () => {
      const found = await engine.sync(syncId);
      if (found.nextRunInMs === null) throw new Error('the sync does not wait');
      return found;
    });
    expect(sync).toMatchObject({ status: 'running', attempt: 1, seq: 3, errorCode: null });
    expect(sync.nextRunInMs).toBeGreaterThan(6 * 60_000);
    expect(source.ledger.calls({ pageId: page.pageId })).toHaveLength(4);

    // Another Page of the same app is not held up.
    const other = await stage.addPage({ ...SMALL, connect: CONNECT });
    await engine.completed(await engine.startSync(other.connectionId));
    expect(await stage.differencesOf(other.pageId)).toEqual([]);
    expect(source.ledger.calls({ pageId: page.pageId })).toHaveLength(4);
  });

  test('M9 a sync that waits for a throttled budget goes on by itself when the time is over', async () => {
    const page = await stage.addPage({ ...SMALL, connect: CONNECT });
    const { engine, source } = stage;
    const refusal = {
      type: 'raw',
      status: 400,
      body: JSON.stringify({ error: { message: 'Calls exceeded', type: 'OAuthException', code: 613 } }),
      headers: { 'retry-after': '2' },
    } as const;
    source.faults.add({ fault: refusal, when: { pageId: page.pageId }, after: 3, count: 1 });
    const syncId = await engine.startSync(page.connectionId);
    expect(await engine.completed(syncId)).toMatchObject({ attempt: 1 });
    const [before, refused, after] = source.ledger.calls({ pageId: page.pageId }).slice(2);
    if (before === undefined || refused === undefined || after === undefined)
      throw new Error('too few calls');
    expect(refused.faults).toEqual(['raw']);
    expect(after.at - refused.at).toBeGreaterThan(1_900);
    expect(await stage.differencesOf(page.pageId)).toEqual([]);
  });

  test('E18 a pause that is lifted before its time is over at once for those who wait', async () => {
    const page = await stage.addPage({ ...SMALL, connect: CONNECT });
    const { engine, source } = stage;
    const when = { pageId: page.pageId };
    source.faults.add({ fault: { type: 'throttle', code: 80006, minutes: 7 }, when, after: 3, count: 1 });
    const syncId = await engine.startSync(page.connectionId);
    await eventually(() => pausedSeconds(page));
    source.clock.advance(7 * 60_000);
    const [tenant] = await engine.db.sql<{ id: string }[]>`SELECT id FROM tenants`;
    await updateLimitPool(
      engine.db,
      { tenantId: tenant?.id ?? '', pool: poolOf(page) },
      { pausedUntil: null },
    );
    expect(await engine.completed(syncId)).toMatchObject({ attempt: 1 });
    expect(await stage.differencesOf(page.pageId)).toEqual([]);
  });

  function poolOf(page: StagedPage): string {
    return `messenger:page:${page.pageId}`;
  }

  async function pausedSeconds(page: StagedPage): Promise<number> {
    const [pool] = await stage.engine.db.sql<{ seconds: number | null }[]>`
      SELECT extract(epoch FROM paused_until - clock_timestamp())::float8 AS seconds
      FROM limit_pools WHERE pool = ${poolOf(page)}`;
    if (typeof pool?.seconds !== 'number') throw new Error('the pool is not paused');
    return pool.seconds;
  }
});

describe('secrets', () => {
  test('M11 O4 calls are signed, and the token is in no URL, no log and no table', async () => {
    // As long as a real one.
    const accessToken = `EAAB${'secret0token'.repeat(15)}`;
    const connect = { ...CONNECT, appSecret: SECRET };
    const page = await stage.addPage({
      ...SMALL,
      accessToken,
      appSecret: SECRET,
      requireProof: true,
      connect,
    });
    const from = proxy.requests.length;
    // Errors and answers that repeat what was sent are where secrets get into logs.
    const error = { type: 'error', code: 1, message: `bad token ${accessToken}` } as const;
    stage.source.faults.add({ fault: error, when: { pageId: page.pageId }, after: 4, count: 3 });
    const syncId = await stage.engine.startSync(page.connectionId);
    await stage.engine.completed(syncId);

    const requests = proxy.requests.slice(from);
    const proof = appSecretProof(accessToken, SECRET);
    expect(requests.length).toBeGreaterThan(8);
    for (const { url, headers } of requests) {
      expect(url.href).not.toContain(accessToken);
      expect(url.href).not.toContain(SECRET);
      expect(url.searchParams.get('appsecret_proof')).toBe(proof);
      expect(headers.authorization).toBe(`Bearer ${accessToken}`);
    }
    for (const secret of [accessToken, SECRET]) {
      expect(stage.worker.log.filter((line) => line.includes(secret))).toEqual([]);
      expect(await tablesThatHold(secret)).toEqual([]);
    }
  });

  test('M11 a wrong app secret fails the sync and says where to look', async () => {
    const connect = { ...CONNECT, appSecret: 'another-secret' };
    const page = await stage.addPage({ ...SMALL, appSecret: SECRET, requireProof: true, connect });
    const sync = await stage.engine.ended(await stage.engine.startSync(page.connectionId));
    expect(sync).toMatchObject({ status: 'failed', errorCode: 'source_request_invalid', inserted: 0 });
    expect(sync.errorAction).toContain('appSecret');
  });

  /** The tables with a row that holds the text anywhere, BullMQ's included. */
  async function tablesThatHold(text: string): Promise<string[]> {
    const { sql } = stage.engine.db;
    const tables = await sql<{ name: string }[]>`
      SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
      WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`;
    const holding: string[] = [];
    for (const { name } of tables) {
      const rows = await sql.unsafe(`SELECT 1 FROM ${name} t WHERE strpos(t::text, $1) > 0 LIMIT 1`, [text]);
      if (rows.length > 0) holding.push(name);
    }
    return holding;
  }
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CHECK_SECONDS } from '@tidemark/core/subscriptions';
import {
  type CheckResult,
  claimSubscriptionChecks,
  type Database,
  getConnectionState,
  markSubscriptionLost,
  openDatabase,
  type SubscriptionCheck,
  settleSubscriptionCheck,
} from '@tidemark/db';
import { addConnection, type Fixture, openFixture, startedSync } from './fixtures.ts';

const REQUEST = { connectors: ['messenger'], everySeconds: CHECK_SECONDS, limit: 1 };
const STREAMS = ['conversations'];
const FINE: CheckResult = { isSubscribed: true, gap: null, newestMs: null, error: null, isUnfinished: false };
const LOST: CheckResult = { ...FINE, gap: 'unsubscribed' };

let fixture: Fixture;
let db: Database;
let accounts = 0;
beforeAll(async () => {
  fixture = await openFixture();
  db = fixture.db;
});
afterAll(() => fixture.close());

/** The only connection with a check that is due; its stream was read whole. */
async function watched({ isKnown = true } = {}): Promise<string> {
  accounts += 1;
  const connectionId = await addConnection(db, `watched-${accounts}`);
  if (isKnown) {
    await db.sql`
      INSERT INTO sync_state (connection_id, stream, watermark)
      VALUES (${connectionId}, 'conversations', '{"updatedTime": null}')`;
  }
  await db.sql`INSERT INTO webhook_subscriptions (connection_id) SELECT id FROM connections ON CONFLICT DO NOTHING`;
  await db.sql`
    UPDATE webhook_subscriptions
       SET check_at = now() + CASE WHEN connection_id = ${connectionId} THEN '-1 s' ELSE '1 h' END::interval`;
  return connectionId;
}

async function claim(pool = db): Promise<SubscriptionCheck | undefined> {
  const [check] = await claimSubscriptionChecks(pool, REQUEST);
  return check;
}

async function due(connectionId: string): Promise<SubscriptionCheck> {
  await db.sql`UPDATE webhook_subscriptions SET check_at = now() - interval '1 s' WHERE connection_id = ${connectionId}`;
  const check = await claim();
  if (check === undefined) throw new Error('no check is due');
  expect(check.connectionId).toBe(connectionId);
  return check;
}

async function gapSyncs(connectionId: string): Promise<number> {
  const rows = await db.sql`SELECT 1 FROM syncs WHERE connection_id = ${connectionId} AND trigger = 'gap'`;
  return rows.length;
}

async function dueInSeconds(connectionId: string): Promise<number> {
  const [row] = await db.sql<{ seconds: number }[]>`
    SELECT extract(epoch FROM check_at - clock_timestamp())::float8 AS seconds
    FROM webhook_subscriptions WHERE connection_id = ${connectionId}`;
  return row?.seconds ?? 0;
}

describe('M26 checks of subscriptions', () => {
  test('of forty at once over two pools one gets a check, and nobody gets it again before its time', async () => {
    const other = openDatabase({ url: fixture.url, max: 20, applicationName: 'other' });
    for (let round = 0; round < 3; round += 1) {
      const connectionId = await watched();
      const claims = Array.from({ length: 40 }, (_, index) => claim(index % 2 === 0 ? db : other));
      const taken = (await Promise.all(claims)).filter((check) => check !== undefined);
      expect(taken.map((check) => check.connectionId)).toEqual([connectionId]);
      expect(await claim()).toBeUndefined();
    }
    await other.close();
  });

  test('a connection is known by itself; one that needs credentials, or was deleted, is left out', async () => {
    await watched();
    await claim();
    const fresh = await addConnection(db, 'fresh');
    expect((await claim())?.connectionId).toBe(fresh);
    for (const change of [db.sql`status = 'needs_reauth'`, db.sql`deleted_at = now()`]) {
      const connectionId = await watched();
      await db.sql`UPDATE connections SET ${change} WHERE id = ${connectionId}`;
      expect(await claim()).toBeUndefined();
    }
  });

  test('a check that took too long changes nothing any more', async () => {
    const connectionId = await watched();
    const slow = await due(connectionId);
    const next = await due(connectionId);
    expect(await settleSubscriptionCheck(db, slow, LOST, STREAMS)).toEqual({ kind: 'superseded' });
    expect(await markSubscriptionLost(db, slow)).toBeNull();
    expect(await gapSyncs(connectionId)).toBe(0);
    expect(await settleSubscriptionCheck(db, next, FINE, STREAMS)).toEqual({ kind: 'settled' });
  });

  test('a gap is paid with one sync, however often its check is settled at once', async () => {
    const connectionId = await watched();
    const check = await due(connectionId);
    expect(await markSubscriptionLost(db, check)).toEqual({ wasSubscribed: false });
    const settled = await Promise.all(
      [1, 2, 3, 4].map(() => settleSubscriptionCheck(db, check, LOST, STREAMS)),
    );
    expect(settled.filter(({ kind }) => kind === 'started')).toHaveLength(1);
    expect(await gapSyncs(connectionId)).toBe(1);
    const { subscription, activeSyncId } = await getConnectionState(db, connectionId);
    expect(subscription).toMatchObject({
      lastGapSyncId: activeSyncId,
      lastGapReason: 'unsubscribed',
      error: null,
    });
    expect(subscription?.subscribedSince).not.toBeNull();
  });

  test('who dies between the renewal and the sync leaves a debt that the next check finds', async () => {
    const connectionId = await watched();
    await settleSubscriptionCheck(db, await due(connectionId), FINE, STREAMS);
    expect(await markSubscriptionLost(db, await due(connectionId))).toEqual({ wasSubscribed: true });
    const next = await due(connectionId);
    expect(next.facts.owed).toBe('unsubscribed');
    expect((await getConnectionState(db, connectionId)).subscription).toMatchObject({
      subscribedSince: null,
      lostAt: expect.any(String),
    });
  });

  test('while a sync is live the gap stays owed, and is looked at soon', async () => {
    const connectionId = await watched();
    const syncId = await startedSync(db, connectionId);
    const check = await due(connectionId);
    expect(await settleSubscriptionCheck(db, check, LOST, STREAMS)).toEqual({ kind: 'settled' });
    expect(await dueInSeconds(connectionId)).toBeLessThan(CHECK_SECONDS / 2);
    await db.sql`UPDATE syncs SET status = 'cancelled' WHERE id = ${syncId}`;
    const next = await due(connectionId);
    expect(next.facts.owed).toBe('unsubscribed');
    expect((await settleSubscriptionCheck(db, next, LOST, STREAMS)).kind).toBe('started');
    expect((await due(connectionId)).facts.owed).toBeNull();
  });

  test('nothing is owed for a connection that was never read whole', async () => {
    const connectionId = await watched({ isKnown: false });
    expect(await settleSubscriptionCheck(db, await due(connectionId), LOST, STREAMS)).toEqual({
      kind: 'settled',
    });
    expect((await due(connectionId)).facts.owed).toBeNull();
    expect(await gapSyncs(connectionId)).toBe(0);
  });

  test('while the source cannot be made to tell, what it says is filled in and the debt stays', async () => {
    const connectionId = await watched();
    const check = await due(connectionId);
    await markSubscriptionLost(db, check);
    const silent: CheckResult = {
      ...FINE,
      isSubscribed: false,
      gap: 'silence',
      newestMs: 1_000,
      error: 'forbidden',
    };
    expect((await settleSubscriptionCheck(db, check, silent, STREAMS)).kind).toBe('started');
    const next = await due(connectionId);
    expect(next.facts).toMatchObject({ owed: 'unsubscribed', filledUntilMs: 1_000, unfilledSeconds: null });
    expect((await getConnectionState(db, connectionId)).subscription?.error).toBe('forbidden');
  });

  test('a gap sync that failed is known as unfilled until another sync completed', async () => {
    const connectionId = await watched();
    const settled = await settleSubscriptionCheck(db, await due(connectionId), LOST, STREAMS);
    if (settled.kind !== 'started') throw new Error(settled.kind);
    await db.sql`UPDATE syncs SET status = 'running' WHERE id = ${settled.syncId}`;
    expect((await due(connectionId)).facts.unfilledSeconds).toBeNull();
    await db.sql`UPDATE syncs SET status = 'failed' WHERE id = ${settled.syncId}`;
    expect((await due(connectionId)).facts.unfilledSeconds).toEqual(expect.any(Number));
    const syncId = await startedSync(db, connectionId);
    await db.sql`UPDATE syncs SET status = 'running' WHERE id = ${syncId}`;
    await db.sql`UPDATE syncs SET status = 'completed' WHERE id = ${syncId}`;
    expect((await due(connectionId)).facts.unfilledSeconds).toBeNull();
  });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Conversation } from '@tidemark/core/contracts';
import { connectRedis, type RedisClient } from '@tidemark/queue';
import { eventually } from '../../../test/support/eventually.ts';
import { startRedis, type TestRedis } from '../../../test/support/redis.ts';
import {
  CACHE_TIMES,
  type CacheTimes,
  type ConversationCache,
  createConversationCache,
} from '../src/cache/conversation-cache.ts';
import { type Harness, openHarness } from './harness.ts';
import { writeConversation } from './stored-records.ts';

const TENANT = '0197f000-0000-7000-8000-000000000001';
const QUIET_MS = CACHE_TIMES.ttlMs + CACHE_TIMES.fillMs;

let server: TestRedis;
let redis: RedisClient;
let ids = 0;
beforeAll(async () => {
  server = await startRedis();
  redis = connectRedis(server.url, { failFast: true, onError: () => undefined });
  await ready(redis);
});
afterAll(() => redis.disconnect());

function ready(client: RedisClient): Promise<void> {
  return eventually(() => {
    if (client.status !== 'ready') throw new Error(client.status);
  });
}

/** A cache that hears of changes since long ago, and its clock. */
function openCache(client = redis, times: Partial<CacheTimes> = {}) {
  let nowMs = 0;
  const cache = createConversationCache({
    redis: client,
    logger: { warn: () => undefined },
    // On a busy machine an answer may take its time.
    times: { answerMs: 30_000, ...times },
    now: () => nowMs,
  });
  cache.missed();
  nowMs += QUIET_MS;
  return { cache, pass: (ms: number) => (nowMs += ms) };
}

function conversation(version: number, id = nextId()): Conversation {
  const at = '2026-01-01T00:00:00.000Z';
  return {
    id,
    connectionId: TENANT,
    pageId: '1',
    senderId: '2',
    graphId: null,
    senderName: `version ${version}`,
    lastMessage: null,
    lastMessageTime: null,
    messageCount: 0,
    conversationStatus: 'active',
    localEdits: {},
    version,
    deletedAt: null,
    createdAt: at,
    updatedAt: at,
  };
}

function nextId(): string {
  ids += 1;
  return `0197f000-0000-7000-8000-${String(ids).padStart(12, '0')}`;
}

/** Reads, with this in PostgreSQL; says which version was answered, and whether PostgreSQL was asked. */
async function read(
  cache: ConversationCache,
  held: Conversation,
  tenantId = TENANT,
): Promise<[number, boolean]> {
  let asked = false;
  const found = await cache.read({ tenantId, conversationId: held.id }, () => {
    asked = true;
    return Promise.resolve(held);
  });
  return [found?.version ?? 0, asked];
}

describe('M20 the cache of conversations', () => {
  test('a conversation is read once, by all processes, until it changes; no other one is read again for that', async () => {
    const [{ cache }, { cache: other }] = [openCache(), openCache()];
    const [changing, staying] = [conversation(1), conversation(1)];
    for (const one of [changing, staying]) {
      expect(await read(cache, one)).toEqual([1, true]);
      expect(await read(other, one)).toEqual([1, false]);
    }
    await other.changed(changing.id, 2);
    expect(await read(cache, conversation(2, changing.id))).toEqual([2, true]);
    expect(await read(cache, staying)).toEqual([1, false]);
  });

  test('who read before a change and is slow does not bring back what was', async () => {
    const { cache } = openCache();
    const old = conversation(1);
    const inPostgres = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const slow = cache.read({ tenantId: TENANT, conversationId: old.id }, async () => {
      inPostgres.resolve();
      await goOn.promise;
      return old;
    });
    await inPostgres.promise;
    await cache.changed(old.id, 2);
    goOn.resolve();
    expect((await slow)?.version).toBe(1);
    expect(await read(cache, conversation(2, old.id))).toEqual([2, true]);
  });

  test('who read before a change and fills after a reader of the change leaves that one in place', async () => {
    const { cache } = openCache();
    const old = conversation(1);
    const inPostgres = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const slow = cache.read({ tenantId: TENANT, conversationId: old.id }, async () => {
      inPostgres.resolve();
      await goOn.promise;
      return old;
    });
    await inPostgres.promise;
    expect(await read(cache, conversation(2, old.id))).toEqual([2, true]);
    goOn.resolve();
    await slow;
    expect(await read(cache, conversation(3, old.id))).toEqual([2, false]);
  });

  test('changes that are told twice or in another order drop nothing that is newer', async () => {
    const { cache } = openCache();
    const newest = conversation(3);
    await cache.changed(newest.id, 3);
    expect(await read(cache, newest)).toEqual([3, true]);
    for (const version of [2, 3, 1]) await cache.changed(newest.id, version);
    expect(await read(cache, newest)).toEqual([3, false]);
    // The floor is still that of the newest change.
    await redis.del(`tidemark:conversation:{${newest.id}}`);
    await read(cache, conversation(2, newest.id));
    expect(await read(cache, newest)).toEqual([3, true]);
  });

  test('what was read too long ago is not stored: the floor of a change since then may be gone', async () => {
    const { cache } = openCache(redis, { fillMs: 0 });
    const one = conversation(1);
    expect(await read(cache, one)).toEqual([1, true]);
    expect(await read(cache, one)).toEqual([1, true]);
  });

  test('an entry goes by itself', async () => {
    const { cache } = openCache();
    const one = conversation(1);
    await read(cache, one);
    const left = await redis.pttl(`tidemark:conversation:{${one.id}}`);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(CACHE_TIMES.ttlMs);
  });

  test('one tenant does not read what another one did', async () => {
    const { cache } = openCache();
    const one = conversation(1);
    await read(cache, one);
    expect(await read(cache, one, nextId())).toEqual([1, true]);
  });

  test('while changes may go unheard it is not used, until all that was in it has expired', async () => {
    const { cache, pass } = openCache();
    const one = conversation(1);
    await read(cache, one);
    cache.missed();
    const now = conversation(2, one.id);
    expect(await read(cache, now)).toEqual([2, true]);
    pass(QUIET_MS - 1);
    expect(await read(cache, now)).toEqual([2, true]);
    const unheard = createConversationCache({ redis, logger: { warn: () => undefined } });
    expect(await read(unheard, now)).toEqual([2, true]);
  });

  test('while Redis is away PostgreSQL answers; a change that could not be told is waited out', async () => {
    const own = await startRedis();
    const client = connectRedis(own.url, { failFast: true, onError: () => undefined });
    await ready(client);
    const { cache, pass } = openCache(client);
    const one = conversation(1);
    await read(cache, one);
    expect(await read(cache, one)).toEqual([1, false]);
    await own.kill();
    const now = conversation(2, one.id);
    expect(await read(cache, now)).toEqual([2, true]);
    await cache.changed(one.id, 2);
    await own.restart();
    await ready(client);
    pass(CACHE_TIMES.restMs);
    expect(await read(cache, now)).toEqual([2, true]);
    pass(QUIET_MS);
    expect(await read(cache, now)).toEqual([2, true]);
    expect(await read(cache, now)).toEqual([2, false]);
    client.disconnect();
  });
});

describe('M20 conversations over HTTP', () => {
  let api: Harness;
  let connectionId: string;
  let cache: ConversationCache;
  let pass: (ms: number) => number;
  beforeAll(async () => {
    const client = connectRedis(server.url, { failFast: true, onError: () => undefined });
    await ready(client);
    let heard = 0;
    const opened = openCache(client);
    pass = opened.pass;
    cache = opened.cache;
    const missed = () => {
      heard += 1;
      opened.cache.missed();
    };
    const conversationCache: ConversationCache = {
      read: (target, load) => cache.read(target, load),
      changed: (id, version) => cache.changed(id, version),
      missed,
      close: () => cache.close(),
    };
    api = await openHarness({ conversationCache });
    await api.app.listen({ port: 0 });
    await eventually(() => {
      if (heard === 0) throw new Error('not listening yet');
    });
    pass(QUIET_MS);
    const [row] = await api.db.sql<{ id: string }[]>`
      INSERT INTO connections (tenant_id, connector, name, config, account_id)
      VALUES (${api.tenantId}, 'messenger', 'test', '{}', '1') RETURNING id`;
    connectionId = row?.id ?? '';
  });
  afterAll(() => api.close());

  const isCached = async (id: string) => (await redis.exists(`tidemark:conversation:{${id}}`)) === 1;
  const get = (id: string) => api.ask('GET', `/v1/conversations/${id}`);

  test('what the source changes is forgotten when it is committed, and nothing else', async () => {
    const [id, other] = await Promise.all(
      ['a', 'b'].map((contact) => writeConversation(api.db, connectionId, 1, { contact })),
    );
    if (id === undefined || other === undefined) throw new Error('not written');
    for (const one of [id, other]) expect((await get(one)).json()).toMatchObject({ senderName: 'name 1' });
    expect([await isCached(id), await isCached(other)]).toEqual([true, true]);
    await writeConversation(api.db, connectionId, 2, { contact: 'a' });
    await eventually(async () => {
      if (await isCached(id)) throw new Error('not forgotten yet');
    });
    expect((await get(id)).json()).toMatchObject({ senderName: 'name 2', version: 2 });
    expect(await isCached(other)).toBe(true);
  });

  test('who changes a conversation reads the change at once, by whatever version it was cached', async () => {
    const id = await writeConversation(api.db, connectionId, 1, { contact: 'c' });
    for (let version = 1; version <= 20; version += 1) {
      expect((await get(id)).headers.etag).toBe(`"${version}"`);
      const body = { senderName: `edit ${version}` };
      const headers = { 'if-match': `"${version}"` };
      const answer = await api.ask('PATCH', `/v1/conversations/${id}`, { body, headers });
      expect(answer.statusCode).toBe(200);
    }
    const stale = { body: { senderName: 'x' }, headers: { 'if-match': '"20"' } };
    expect((await api.ask('PATCH', `/v1/conversations/${id}`, stale)).statusCode).toBe(412);
  });

  test('conversations that are removed are not read from the cache any more', async () => {
    const id = await writeConversation(api.db, connectionId, 1, { contact: 'd' });
    await get(id);
    expect(await isCached(id)).toBe(true);
    await api.db.sql`DELETE FROM messenger_conversations WHERE id = ${id}`;
    await eventually(async () => {
      if ((await get(id)).statusCode !== 404) throw new Error('still read');
    });
    pass(QUIET_MS);
  });
});

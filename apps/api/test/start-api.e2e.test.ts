import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openDatabase } from '@tidemark/db';
import { eventually } from '../../../test/support/eventually.ts';
import { createTestDatabase } from '../../../test/support/postgres.ts';
import { type Program, startProgram } from '../../../test/support/processes.ts';
import { startRedis } from '../../../test/support/redis.ts';
import { createTempDirectory } from '../../../test/support/temp-directory.ts';
import { sorted } from './sorted.ts';

const MAIN = 'apps/api/src/main.ts';
const ADMIN_KEY = 'an-admin-key-for-tests';
const KEYS = `k1:${randomBytes(32).toString('base64')}`;

async function addressOf(program: Program): Promise<string> {
  const line = await program.waitForLine(/Server listening at/);
  return /http:\/\/[\d.:]+/.exec(line)?.[0] ?? '';
}

async function ask(
  url: string,
  path: string,
  options: { key?: string; method?: string; body?: unknown } = {},
) {
  const { key = ADMIN_KEY, method = 'GET', body } = options;
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

async function outboxSize(databaseUrl: string): Promise<number> {
  const db = openDatabase({ url: databaseUrl, max: 1, applicationName: 'observer' });
  const rows = await db.sql`SELECT 1 FROM outbox`;
  await db.close();
  return rows.length;
}

const page = (pageId: string) => ({
  connector: 'messenger',
  name: 'Page',
  config: { pageId },
  credentials: { accessToken: 'a-token-for-tests' },
});

describe('the API as a process', () => {
  test('with real Redis: fifty starts at once over two processes, and Redis killed in the middle', async () => {
    const [database, redis] = [await createTestDatabase({ migrated: false }), await startRedis()];
    const env = {
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      PORT: '0',
      TIDEMARK_ADMIN_KEY: ADMIN_KEY,
      TIDEMARK_ENCRYPTION_KEYS: KEYS,
    };
    // Both migrate the empty database and make the first key at the same time.
    const programs = await Promise.all([startProgram(MAIN, { env }), startProgram(MAIN, { env })]);
    const urls = await Promise.all(programs.map(addressOf));
    const [first = '', second = ''] = urls;
    const connection = (await ask(first, '/v1/connections', { method: 'POST', body: page('101') })).body;
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        ask(index % 2 === 0 ? first : second, `/v1/connections/${connection.id}/syncs`, { method: 'POST' }),
      ),
    );
    const started = answers.filter(({ status }) => status === 202);
    expect(started).toHaveLength(1);
    const refused = answers.filter(({ status }) => status === 409);
    expect(refused).toHaveLength(49);
    expect(new Set(refused.map(({ body }) => body.activeSyncId))).toEqual(new Set([started[0]?.body.id]));
    const queues = await eventually(async () => {
      const { status, body } = await ask(first, '/v1/queues');
      expect(status).toBe(200);
      return body;
    });
    expect(queues.backend).toBe('redis');
    // What a busy queue did not take in time is in the outbox, and there is no worker here to bring it.
    const { waiting } = queues.queues.find((queue: { queue: string }) => queue.queue === 'sync');
    expect(waiting + (await outboxSize(database.url))).toBe(1);

    await redis.kill();
    const other = (await ask(first, '/v1/connections', { method: 'POST', body: page('102') })).body;
    const during = await ask(first, `/v1/connections/${other.id}/syncs`, { method: 'POST' });
    expect(during.status).toBe(202);
    expect((await ask(first, '/v1/queues')).status).toBe(503);
    expect((await ask(first, '/readyz')).status).toBe(503);

    const exits = await Promise.all(programs.map((program) => program.stop()));
    expect(exits).toEqual([
      { code: 0, signal: null },
      { code: 0, signal: null },
    ]);
    const log = programs.flatMap((program) => program.lines).join('\n');
    for (const secret of [ADMIN_KEY, 'a-token-for-tests', KEYS.slice(3)]) expect(log).not.toContain(secret);
    await database.drop();
  });

  test('with nothing configured: embedded PostgreSQL, generated keys, the admin key printed once', async () => {
    const dataDir = await createTempDirectory('data');
    const env = { TIDEMARK_DATA_DIR: dataDir, PORT: '0' };
    const first = await startProgram(MAIN, { env });
    const url = await addressOf(first);
    const printed = await first.waitForLine(/Admin API key/);
    const key = /tm_\S+/.exec(printed)?.[0] ?? '';
    const created = await ask(url, '/v1/connections', { key, method: 'POST', body: page('103') });
    expect(created.status).toBe(201);
    const keyFile = path.join(dataDir, 'encryption-keys');
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
    const generated = await readFile(keyFile, 'utf8');
    expect(await first.stop()).toEqual({ code: 0, signal: null });

    const again = await startProgram(MAIN, { env });
    const secondUrl = await addressOf(again);
    expect((await ask(secondUrl, '/v1/connections', { key })).body.data).toHaveLength(1);
    expect(await readFile(keyFile, 'utf8')).toBe(generated);
    await again.stop();
    expect(again.lines.join('\n')).not.toContain('Admin API key');
  });

  test('a bad environment is refused with one line per problem', async () => {
    const program = await startProgram(MAIN, {
      env: { PORT: 'http', LOG_LEVEL: 'loud', TIDEMARK_TYPO: '1' },
    });
    expect(await program.waitForExit()).toEqual({ code: 1, signal: null });
    expect(sorted(program.lines.map((line) => line.split(':')[0] ?? ''))).toEqual([
      'LOG_LEVEL',
      'PORT',
      'TIDEMARK_TYPO',
    ]);
  });

  test('a database that is not there is told, not waited for', async () => {
    const env = { DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none', TIDEMARK_ENCRYPTION_KEYS: KEYS };
    const program = await startProgram(MAIN, { env });
    expect(await program.waitForExit()).toEqual({ code: 1, signal: null });
    expect(program.lines.join('\n')).toContain('The API could not be started');
  });
});

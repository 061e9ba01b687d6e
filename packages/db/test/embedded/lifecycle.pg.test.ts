import { stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { findFreePort } from '../../../../test/support/free-port.ts';
import { isServerUp, newDataDir, query, start } from './server-under-test.ts';

async function setting(url: string, name: string): Promise<unknown> {
  const [row] = await query(url, (sql) => sql`select current_setting(${name}) as value`);
  return row?.value;
}

describe('a new data directory', () => {
  test('gets a database that only its password opens, on the loopback interface alone', async () => {
    const dataDir = await newDataDir();
    const { url, startedHere } = await start({ dataDir });
    expect(startedHere).toBe(true);
    expect(new URL(url).pathname).toBe('/tidemark');
    expect(new URL(url).hostname).toBe('127.0.0.1');
    expect(await setting(url, 'listen_addresses')).toBe('127.0.0.1');
    expect(await setting(url, 'unix_socket_directories')).toBe('');
    expect(await setting(url, 'password_encryption')).toBe('scram-sha-256');
    expect((await stat(path.join(dataDir, 'password'))).mode & 0o777).toBe(0o600);

    const wrong = new URL(url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, (sql) => sql`select 1`)).rejects.toMatchObject({ code: '28P01' });
  });

  test('stores UTF-8 and sorts the same on every machine', async () => {
    const { url } = await start({ dataDir: await newDataDir() });
    expect(await setting(url, 'server_encoding')).toBe('UTF8');
    const [row] = await query(
      url,
      (sql) => sql`select datlocprovider as provider, datlocale as locale, upper('é') as upper
                   from pg_database where datname = current_database()`,
    );
    expect(row).toEqual({ provider: 'b', locale: 'C.UTF-8', upper: 'É' });
  });

  test('is durable unless told otherwise', async () => {
    const { url } = await start({ dataDir: await newDataDir(), durability: 'full' });
    expect(await setting(url, 'fsync')).toBe('on');
    expect(await setting(url, 'synchronous_commit')).toBe('on');
  });
});

describe('stop and start again', () => {
  test('keeps the data and the address', async () => {
    const dataDir = await newDataDir();
    const first = await start({ dataDir, port: await findFreePort() });
    await query(first.url, (sql) => sql`create table kept as select 1 as id`);
    await first.stop();
    expect(await isServerUp(dataDir)).toBe(false);

    const second = await start({ dataDir });
    expect(second.startedHere).toBe(true);
    expect(second.url).toBe(first.url);
    expect(await query(second.url, (sql) => sql`select id from kept`)).toHaveLength(1);
  });

  test('stop can be called twice, and when the server is gone', async () => {
    const dataDir = await newDataDir();
    const share = await start({ dataDir });
    await Promise.all([share.stop(), share.stop()]);
    await share.stop();
    expect(await isServerUp(dataDir)).toBe(false);
  });
});

describe('several users in one process', () => {
  test('share one server, which stops with the last of them', async () => {
    const dataDir = await newDataDir();
    const all = await Promise.all([start({ dataDir }), start({ dataDir }), start({ dataDir })]);
    expect(new Set(all.map(({ url }) => url)).size).toBe(1);
    expect(all.filter(({ startedHere }) => startedHere)).toHaveLength(1);
    const [first, second, third] = all;
    await first?.stop();
    await second?.stop();
    expect(await isServerUp(dataDir)).toBe(true);
    await third?.stop();
    expect(await isServerUp(dataDir)).toBe(false);
  });
});

import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { eventually } from '../../../../test/support/eventually.ts';
import { clusterOf } from '../../../../test/support/services/leftovers.ts';
import { isServerUp, newDataDir, postmasterPid, query, start, startElsewhere } from './server-under-test.ts';

describe('several processes', () => {
  test('that start at once get one server', async () => {
    const dataDir = await newDataDir();
    const all = await Promise.all([1, 2, 3].map(() => startElsewhere({ dataDir })));
    expect(new Set(all.map(({ url }) => url)).size).toBe(1);
    expect(all.filter(({ startedHere }) => startedHere)).toHaveLength(1);
    for (const { program } of all) {
      expect(await isServerUp(dataDir)).toBe(true);
      expect(await program.stop()).toEqual({ code: 0, signal: null });
    }
    expect(await isServerUp(dataDir)).toBe(false);
  });

  test('a killed one leaves the server to the next, which stops it', async () => {
    const dataDir = await newDataDir();
    const killed = await startElsewhere({ dataDir });
    await killed.program.kill();
    expect(await isServerUp(dataDir)).toBe(true);
    const next = await start({ dataDir });
    expect(next).toMatchObject({ url: killed.url, startedHere: false });
    await next.stop();
    expect(await isServerUp(dataDir)).toBe(false);
  });

  test('one that does not stop it can still end', async () => {
    const dataDir = await newDataDir();
    const { program } = await startElsewhere({ dataDir }, { args: ['leave'] });
    expect(await program.waitForExit()).toEqual({ code: 0, signal: null });
    expect(await isServerUp(dataDir)).toBe(true);
    await (await start({ dataDir })).stop();
  });
});

describe('after a crash', () => {
  test('a postmaster killed with SIGKILL is started again with everything it acknowledged', async () => {
    const dataDir = await newDataDir();
    const settings = { fsync: 'off' };
    const first = await start({ dataDir, durability: 'full', settings });
    await query(first.url, (sql) => sql`create table kept as select generate_series(1, 1000) as id`);
    process.kill(await postmasterPid(dataDir), 'SIGKILL');
    await eventually(async () => expect(await isServerUp(dataDir)).toBe(false));
    const second = await start({ dataDir, durability: 'full', settings });
    expect(second.startedHere).toBe(true);
    expect(await query(second.url, (sql) => sql`select id from kept`)).toHaveLength(1000);
  });

  test('a pid file that names a process of somebody else does not stop it', async () => {
    const dataDir = await newDataDir();
    await (await start({ dataDir })).stop();
    const cluster = await clusterOf(dataDir);
    await writeFile(
      path.join(cluster, 'postmaster.pid'),
      `${process.pid}\n${cluster}\n1\n5432\n\n127.0.0.1\n\nready\n`,
    );
    const { url, startedHere } = await start({ dataDir });
    expect(startedHere).toBe(true);
    expect(await query(url, (sql) => sql`select 1`)).toHaveLength(1);
  });

  test('a lock of a process that is gone does not stop it', async () => {
    const dataDir = await newDataDir();
    await (await start({ dataDir })).stop();
    await writeFile(path.join(dataDir, 'start.lock'), '999999 1\nsomebody\n');
    expect((await start({ dataDir })).startedHere).toBe(true);
  });

  test('a port taken by somebody else is replaced, a fixed one is an error', async () => {
    const dataDir = await newDataDir();
    const squatter = await start({ dataDir: await newDataDir() });
    const taken = Number(new URL(squatter.url).port);
    await expect(start({ dataDir, port: taken })).rejects.toMatchObject({
      name: 'EmbeddedPostgresError',
      code: 'port_in_use',
    });
    await writeFile(path.join(dataDir, 'embedded.json'), JSON.stringify({ port: taken }));
    const { url } = await start({ dataDir });
    expect(Number(new URL(url).port)).not.toBe(taken);
  });
});

describe('what it refuses', () => {
  test('data of another major version', async () => {
    const dataDir = await newDataDir();
    await (await start({ dataDir })).stop();
    await writeFile(path.join(await clusterOf(dataDir), 'PG_VERSION'), '12\n');
    await expect(start({ dataDir })).rejects.toMatchObject({ code: 'version_mismatch' });
  });

  test('a cluster whose password is lost', async () => {
    const dataDir = await newDataDir();
    await (await start({ dataDir })).stop();
    await rm(path.join(dataDir, 'password'));
    await expect(start({ dataDir })).rejects.toMatchObject({ code: 'password_missing' });
    await writeFile(path.join(dataDir, 'password'), 'another');
    await expect(start({ dataDir })).rejects.toMatchObject({ code: 'password_wrong' });
  });
});

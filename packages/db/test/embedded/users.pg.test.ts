import { chmod, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { clusterOf } from '../../../../test/support/services/leftovers.ts';
import { createTempDirectory } from '../../../../test/support/temp-directory.ts';
import { type Clone, giveTo, makeClone } from './clone.ts';
import { newDataDir, postmasterPid, query, start, startElsewhere, uidOf } from './server-under-test.ts';

const OPTIONS = { durability: 'none' } as const;
/** The least privileged user every system has; a number, so that no name has to be known. */
const NOBODY = { uid: 65_534, gid: 65_534 };

async function closedDirectory(): Promise<string> {
  const directory = path.join(await createTempDirectory('home'), 'closed');
  await mkdir(directory, { mode: 0o700 });
  await chmod(directory, 0o700);
  return directory;
}

/** Files that only root can lock away from others; without root the other tests already run as a plain user. */
const describeAsRoot = process.getuid?.() === 0 ? describe : (_: string, __: () => void) => undefined;

test('the server never runs as root', async () => {
  const dataDir = await newDataDir();
  await start({ dataDir });
  expect(await uidOf(await postmasterPid(dataDir))).not.toBe(0);
});

describeAsRoot('as root', () => {
  let systemDirectories: string[];

  beforeAll(async () => {
    systemDirectories = [path.join(await createTempDirectory('system'), 'tidemark')];
  });

  test('a data directory that the server cannot reach keeps its cluster elsewhere, and finds it again', async () => {
    const dataDir = await newDataDir(await closedDirectory());
    const first = await start({ ...OPTIONS, dataDir, systemDirectories });
    await query(first.url, (sql) => sql`create table kept as select 1 as id`);
    await first.stop();
    const cluster = await clusterOf(dataDir);
    expect(cluster.startsWith(`${systemDirectories[0]}/`)).toBe(true);
    expect((await stat(cluster)).mode & 0o777).toBe(0o700);
    expect((await stat(path.dirname(cluster))).uid).toBe(0);

    const second = await start({ ...OPTIONS, dataDir, systemDirectories });
    expect(await query(second.url, (sql) => sql`select id from kept`)).toHaveLength(1);
    expect(await clusterOf(dataDir)).toBe(cluster);
  });

  test('a system directory that somebody else made is not used', async () => {
    const planted = path.join(await createTempDirectory('planted'), 'tidemark');
    await mkdir(planted);
    giveTo(planted, NOBODY);
    const dataDir = await newDataDir(await closedDirectory());
    const attempt = start({ ...OPTIONS, dataDir, systemDirectories: [planted] });
    await expect(attempt).rejects.toMatchObject({ code: 'unsafe_directory' });
  });

  test('a clone that the server cannot reach lends it a copy of its programs', async () => {
    const home = await closedDirectory();
    const { starter, node } = await makeClone(path.join(home, 'clone with spaces'));
    const dataDir = await newDataDir(home);
    const running = await startElsewhere(
      { ...OPTIONS, dataDir, systemDirectories },
      { file: starter, node, cwd: home },
    );
    expect(running.startedHere).toBe(true);
    expect(await query(running.url, (sql) => sql`select 1`)).toHaveLength(1);
    expect(await running.program.stop()).toEqual({ code: 0, signal: null });
  });
});

describeAsRoot('as a plain user', () => {
  let clone: Clone;
  let home: string;

  beforeAll(async () => {
    home = await createTempDirectory('nobody');
    clone = await makeClone(path.join(home, 'my clone'));
    giveTo(home, NOBODY);
  });

  test('the server runs as that user, beside the password', async () => {
    const dataDir = await newDataDir(home);
    const program = { file: clone.starter, node: clone.node, user: NOBODY, cwd: home };
    const running = await startElsewhere({ ...OPTIONS, dataDir }, program);
    expect(await uidOf(await postmasterPid(dataDir))).toBe(NOBODY.uid);
    expect(await clusterOf(dataDir)).toBe(path.join(dataDir, 'cluster'));
    expect(await query(running.url, (sql) => sql`select 1`)).toHaveLength(1);

    // Root joins the server of the directory's owner instead of starting a second one as somebody else.
    const joined = await start({ ...OPTIONS, dataDir });
    expect(joined).toMatchObject({ url: running.url, startedHere: false });
    await joined.stop();
    expect(await running.program.stop()).toEqual({ code: 0, signal: null });
  });

  test('a data directory of root is refused with the reason', async () => {
    const dataDir = path.join(home, 'of-root');
    await (await start({ ...OPTIONS, dataDir })).stop();
    const program = { file: clone.starter, node: clone.node, user: NOBODY, cwd: home };
    await expect(startElsewhere({ ...OPTIONS, dataDir }, program)).rejects.toThrow('not_owner');
  });
});

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findFreePort } from '../../../test/support/free-port.ts';
import { createTestDatabase } from '../../../test/support/postgres.ts';
import { inheritedEnvironment, type Program, startProgram } from '../../../test/support/processes.ts';
import { startGraphSimulator } from '../../../packages/sandbox/src/index.ts';

const MAIN = 'apps/cli/src/main.ts';
const KEY = 'a-key-for-this-test-alone';
const ENCRYPTION_KEYS = `test:${Buffer.alloc(32, 7).toString('base64')}`;

/** What a role logs when it is up. */
const STARTED = /"msg":"started"/;

interface Answer {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** No command takes longer; one that does is ended. */
const COMMAND_MS = 120_000;

interface Setting {
  url: string;
  env: Record<string, string>;
}

async function newSetting(variables: Record<string, string> = {}): Promise<Setting> {
  const database = await createTestDatabase();
  const port = await findFreePort();
  const env = {
    DATABASE_URL: database.url,
    TIDEMARK_ENCRYPTION_KEYS: ENCRYPTION_KEYS,
    TIDEMARK_ADMIN_KEY: KEY,
    PORT: String(port),
    SWEEP_SECONDS: '1',
    ...variables,
  };
  return { url: `http://127.0.0.1:${port}`, env };
}

const start = (role: string, env: Record<string, string>): Promise<Program> =>
  startProgram(MAIN, { args: ['start', role], env });

describe('start', () => {
  test('stops with a line for each problem of the environment', async () => {
    const program = await start('api', { PORT: '99999', LOG_LEVEL: 'loud', TIDEMARK_TYPO: 'x' });
    expect(await program.waitForExit()).toEqual({ code: 1, signal: null });
    expect(program.lines).toEqual([
      'TIDEMARK_TYPO: unknown variable. See .env.example for the ones that exist.',
      'PORT: must be at most 65535',
      'LOG_LEVEL: must be one of fatal, error, warn, info, debug, trace, silent',
    ]);
  });

  test('takes what the scripts export for settings of their own', async () => {
    const program = await start('api', { TIDEMARK_ROOT: '/x', TIDEMARK_NODE: '/y', PORT: '99999' });
    await program.waitForExit();
    expect(program.lines).toEqual(['PORT: must be at most 65535']);
  });

  test('a second worker without Redis ends with 1 and says why; the first one stops on SIGTERM with 0', async () => {
    const { env } = await newSetting();
    const first = await start('worker', env);
    await first.waitForLine(STARTED);
    const second = await start('worker', env);
    expect(await second.waitForExit()).toEqual({ code: 1, signal: null });
    expect(second.lines.at(-1)).toMatch(/^worker: Another worker process runs on this database\./);
    first.signal('SIGTERM');
    expect(await first.waitForExit()).toEqual({ code: 0, signal: null });
  });

  test('a port that is taken is named', async () => {
    const { env } = await newSetting();
    const first = await start('api', env);
    await first.waitForLine(STARTED);
    const second = await start('api', env);
    expect(await second.waitForExit()).toEqual({ code: 1, signal: null });
    expect(second.lines.at(-1)).toBe(
      `api: Port ${env.PORT} is in use. Set PORT to another one, or to 0 for any.`,
    );
    expect((await first.stop()).code).toBe(0);
  });

  test('a database that does not answer is told without a stack', async () => {
    const { env } = await newSetting({ DATABASE_URL: `postgres://x@127.0.0.1:${await findFreePort()}/x` });
    const program = await start('api', env);
    expect(await program.waitForExit()).toEqual({ code: 1, signal: null });
    expect(program.lines).toEqual([expect.stringMatching(/^api: PostgreSQL or Redis does not answer: .+$/)]);
  });
});

describe('the client commands', () => {
  let setting: Setting = { url: '', env: {} };
  const opened: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    const page = { pageId: '100000000000001', accessToken: 'T', conversations: 12, messages: 90 };
    const source = await startGraphSimulator({ pages: [page] });
    opened.push(() => source.close());
    setting = await newSetting({ META_GRAPH_URL: source.url });
    const program = await start('all', setting.env);
    await program.waitForLine(STARTED);
  });

  afterAll(async () => {
    for (const close of opened) await close();
  });

  // Not with spawnSync: the source answers in this process.
  function tidemark(args: readonly string[], input = ''): Promise<Answer> {
    const argv = ['--conditions=source', fileURLToPath(new URL('../src/main.ts', import.meta.url)), ...args];
    const env = { ...inheritedEnvironment(), TIDEMARK_ADMIN_KEY: KEY };
    const options = { env, timeout: COMMAND_MS };
    return new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        [...argv, '--url', setting.url],
        options,
        (_error, stdout, stderr) => {
          resolve({ status: child.exitCode, stdout, stderr });
        },
      );
      child.stdin?.end(input);
    });
  }

  test('connect an account, sync it and look at what came of it', async () => {
    const add = [
      'connections',
      'add',
      'messenger',
      '--page-id=100000000000001',
      '--name=Shop',
      '--token-stdin',
    ];
    expect(await tidemark(add, 'T\n')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('Connected "Shop"'),
    });
    expect((await tidemark(['connections'])).stdout).toMatch(
      /^ID +NAME +CONNECTOR +ACCOUNT +STATUS +CREATED\n\S+ +Shop /,
    );

    const sync = await tidemark(['sync', 'Shop', '--full', '--wait']);
    expect(sync).toMatchObject({ status: 0, stderr: '' });
    expect(sync.stdout).toMatch(/^Records +102 read: 102 inserted$/m);

    const status = await tidemark(['status', 'Shop', '--json']);
    const { lastSync } = JSON.parse(status.stdout);
    expect(lastSync).toMatchObject({ status: 'completed', mode: 'full' });
    expect((await tidemark(['status', lastSync.id])).stdout).toContain('Status   completed');
    expect((await tidemark(['status'])).stdout).toContain('102 read: 102 inserted');
    expect((await tidemark(['history', lastSync.id])).stdout).toMatch(
      /running +completed +last page committed/,
    );
    const waited = JSON.parse((await tidemark(['sync', '100000000000001', '--wait', '--json'])).stdout);
    expect(waited).toMatchObject({ status: 'completed', mode: 'incremental' });
  });

  test('tell an error of the API in one line, with the fields it is about', async () => {
    const add = ['connections', 'add', 'messenger', '--page-id=shop', '--token-stdin'];
    const { status, stdout, stderr } = await tidemark(add, 'T');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/\(config_invalid\)\n {2}\/config\/pageId: must be the numeric id of the Page\n$/);
  });

  test('ask for a token on standard input only', async () => {
    const { status, stderr } = await tidemark(['connections', 'add', 'messenger', '--page-id=1']);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'No access token: pipe it in and give --token-stdin.\n',
    });
  });

  test('name a connection that is not there', async () => {
    expect(await tidemark(['sync', 'nobody'])).toMatchObject({
      status: 1,
      stderr: 'There is no connection "nobody". See: tidemark connections\n',
    });
  });

  test('create a key, list it and revoke it', async () => {
    const created = JSON.parse(
      (await tidemark(['keys', 'create', 'ci', '--scopes', 'syncs:read', 'data:read', '--json'])).stdout,
    );
    expect(created).toMatchObject({ name: 'ci', scopes: ['syncs:read', 'data:read'] });
    const refused = await tidemark(['connections', '--key', created.key]);
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('(missing_scope)') });
    expect(await tidemark(['keys', 'revoke', created.id])).toMatchObject({ status: 0 });
    expect((await tidemark(['keys'])).stdout).toMatch(
      / ci +syncs:read data:read .* \d{4}-\d\d-\d\d [\d:]+ UTC$/m,
    );
  });
});

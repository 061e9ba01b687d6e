import { describe, expect, test } from '@jest/globals';
import { buildProgram } from '../src/program.ts';
import { runProgram } from '../src/run-program.ts';
import { recordingTerminal } from './recording-terminal.ts';

async function run(...args: string[]) {
  const terminal = recordingTerminal();
  const code = await runProgram(args, terminal, buildProgram);
  return { code, out: terminal.out, err: terminal.err };
}

describe('wrong arguments are answered on standard error with the usage, and end with 2', () => {
  test.each([
    [['nonsense'], "unknown command 'nonsense'", 'Usage: tidemark '],
    [['strat'], 'Did you mean start?', 'Usage: tidemark '],
    [['demo', '--twice'], "unknown option '--twice'", 'Usage: tidemark demo'],
    [['demo', 'extra'], 'too many arguments', 'Usage: tidemark demo'],
    [['demo', '--port', 'x'], 'It must be a whole number from 0 to 65535', 'Usage: tidemark demo'],
    [['demo', '--messages', '-3'], 'It must be a whole number from 1', 'Usage: tidemark demo'],
    [['start'], "missing required argument 'role'", 'Usage: tidemark start'],
    [['start', 'everything'], 'Allowed choices are api, worker, all', 'Usage: tidemark start'],
    [['sync'], "missing required argument 'connection'", 'Usage: tidemark sync'],
    [['status', '--url', 'ftp://x'], 'It must be an address such as', 'Usage: tidemark status'],
    [['keys', 'create', 'ci'], "option '--scopes <scopes...>' not specified", 'Usage: tidemark keys create'],
    [['keys', 'create', 'ci', '--scopes', 'all'], 'Allowed choices are', 'Usage: tidemark keys create'],
    [
      ['connections', 'add', 'messenger'],
      "'--page-id <id>' not specified",
      'Usage: tidemark connections add',
    ],
    [['connections', 'nonsense'], 'too many arguments', 'Usage: tidemark connections list'],
    [[], 'Usage: tidemark ', 'Commands:'],
  ])('%j', async (args, message, usage) => {
    const { code, out, err } = await run(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err).toContain(usage);
  });
});

describe('help is on standard output and ends with 0', () => {
  test.each([
    [['--help'], 'Usage: tidemark [options] [command]'],
    [['demo', '--help'], '--once'],
    [['start', '--help'], '"api", "worker", "all"'],
    [['connections', '--help'], 'rm'],
    [['connections', 'add', '--help'], '--token-stdin'],
    [['sync', '--help'], '--wait'],
    [['status', '--help'], '--json'],
    [['history', '--help'], '--jobs'],
    [['keys', 'revoke', '--help'], 'Usage: tidemark keys revoke'],
  ])('%j', async (args, text) => {
    const { code, out, err } = await run(...args);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(text);
  });

  test('what is for our own processes only is not shown', async () => {
    expect((await run('start', '--help')).out).not.toContain('until-parent-ends');
  });
});

test('the version is printed alone', async () => {
  const { code, out } = await run('--version');
  expect(code).toBe(0);
  expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('an API that does not answer is one line and exit code 1', async () => {
  const { code, out, err } = await run('status', '--url', 'http://127.0.0.1:9', '--key', 'k'.repeat(16));
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(/^No Tidemark API answers at http:\/\/127\.0\.0\.1:9: .+\n$/);
});

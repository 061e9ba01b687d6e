import { describe, expect, test } from '@jest/globals';
import { parseEnvironment } from '@tidemark/core/config';

const KEY = `k1:${Buffer.alloc(32, 7).toString('base64')}`;

function problemsOf(variables: Record<string, string>): string[] {
  const parsed = parseEnvironment(variables);
  return parsed.ok ? [] : parsed.problems;
}

describe('the environment', () => {
  test('nothing set gives the documented defaults', () => {
    const parsed = parseEnvironment({});
    expect(parsed.ok && parsed.environment).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 3000,
      WORKER_CONCURRENCY: 10,
      LEASE_SECONDS: 300,
      SWEEP_SECONDS: 5,
      TIDEMARK_MIGRATE: true,
      TIDEMARK_DATA_DIR: './.tidemark',
      META_GRAPH_URL: 'https://graph.facebook.com',
      LOG_LEVEL: 'info',
    });
  });

  test('every problem is one line that names the variable and never repeats a value', () => {
    const secret = 'hunter2-hunter2';
    const problems = problemsOf({
      PORT: 'http',
      WORKER_CONCURRENCY: '0',
      REDIS_URL: `https://${secret}`,
      TIDEMARK_ENCRYPTION_KEYS: secret,
      TIDEMARK_MIGRATE: 'yes',
      LOG_LEVEL: 'loud',
      META_GRAPH_VERSION: '26',
    });
    expect(
      problems.map((line) => line.split(':')[0]).toSorted((a = '', b = '') => a.localeCompare(b)),
    ).toEqual([
      'LOG_LEVEL',
      'META_GRAPH_VERSION',
      'PORT',
      'REDIS_URL',
      'TIDEMARK_ENCRYPTION_KEYS',
      'TIDEMARK_MIGRATE',
      'WORKER_CONCURRENCY',
    ]);
    expect(problems.join('\n')).not.toContain(secret);
    for (const line of problems) expect(line).not.toContain('\n');
  });

  test('a misspelt variable of ours is a problem, a foreign one is not', () => {
    expect(problemsOf({ TIDEMARK_ADMIN_KEYS: 'x', EDITOR: 'vi' })).toEqual([
      'TIDEMARK_ADMIN_KEYS: unknown variable. See .env.example for the ones that exist.',
    ]);
  });

  test('an own database needs own encryption keys', () => {
    expect(problemsOf({ DATABASE_URL: 'postgres://db/x' })[0]).toMatch(
      /^TIDEMARK_ENCRYPTION_KEYS: is required/,
    );
    expect(problemsOf({ DATABASE_URL: 'postgres://db/x', TIDEMARK_ENCRYPTION_KEYS: KEY })).toEqual([]);
  });

  test('an empty variable is an unset one', () => {
    expect(problemsOf({ REDIS_URL: '', PORT: '', DATABASE_URL: '', LOG_LEVEL: '' })).toEqual([]);
  });
});

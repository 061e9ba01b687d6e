import { describe, expect, test } from '@jest/globals';
import { parseRedisUrl, RedisUrlError } from '../src/index.ts';

describe('parseRedisUrl', () => {
  test.each(['redis://localhost', 'redis://:pw@h:6380/2', 'rediss://user:pw@h:6380', 'redis://[::1]:6379'])(
    'reads %s as one server',
    (url) => {
      expect(parseRedisUrl(url)).toEqual({ kind: 'single', url });
    },
  );

  test('reads several hosts, or redis+cluster, as a cluster', () => {
    const nodes = [
      { host: 'a', port: 7000 },
      { host: '::1', port: 6379 },
    ];
    expect(parseRedisUrl('redis://a:7000,[::1]')).toEqual({ kind: 'cluster', nodes, tls: false });
    expect(parseRedisUrl('rediss+cluster://me:s%40cret@a:7000')).toEqual({
      kind: 'cluster',
      nodes: [{ host: 'a', port: 7000 }],
      tls: true,
      username: 'me',
      password: 's@cret',
    });
  });

  test('reads Sentinels with their master and database', () => {
    expect(parseRedisUrl('redis+sentinel://:pw@s1:26379,s2/main/3')).toEqual({
      kind: 'sentinel',
      sentinels: [
        { host: 's1', port: 26379 },
        { host: 's2', port: 26379 },
      ],
      master: 'main',
      db: 3,
      tls: false,
      password: 'pw',
    });
  });

  test.each([
    'http://localhost',
    'redis://',
    'redis+sentinel://s1:26379',
    'redis+sentinel://s1/main/x',
    'redis://a:99999',
    'redis://a,,b',
    'redis+cluster://%E0%A4%A@a:1',
  ])('refuses %s', (url) => {
    expect(() => parseRedisUrl(url)).toThrow(RedisUrlError);
  });

  test('an error never repeats the address: it may hold a password', () => {
    expect(() => parseRedisUrl('redis://:hunter2@a:99999')).toThrow(
      expect.objectContaining({ code: 'redis_url_invalid' }),
    );
    expect(() => parseRedisUrl('redis://:hunter2@a:99999')).not.toThrow('hunter2');
  });
});

import { describe, expect, test } from '@jest/globals';
import { zodProblems } from '@tidemark/core/errors';
import { z } from 'zod';

test('problems point at the field, an unknown key included, with pointers as RFC 6901 writes them', () => {
  const schema = z.strictObject({ config: z.strictObject({ 'a/b': z.string() }), list: z.array(z.int()) });
  const parsed = schema.safeParse({ config: { 'a/b': 1, extra: true }, list: [1, 'x'], 'to~p': 1 });
  const pointers = parsed.success ? [] : zodProblems(parsed.error).map(({ pointer }) => pointer);
  expect(pointers.sort()).toEqual(['/config/a~1b', '/config/extra', '/list/1', '/to~0p']);
});

test('a base is put before every pointer', () => {
  const parsed = z.strictObject({ pageId: z.string() }).safeParse({});
  expect(parsed.success ? [] : zodProblems(parsed.error, '/config')).toEqual([
    { pointer: '/config/pageId', message: expect.any(String) },
  ]);
});

describe('of a union, the problems are those of the alternative that is closest to the value', () => {
  const union = z.union([
    z.strictObject({ cron: z.string(), timezone: z.string(), mode: z.enum(['a', 'b']).default('a') }),
    z.strictObject({ everySeconds: z.int().min(10), mode: z.enum(['a', 'b']).default('a') }),
  ]);
  test.each([
    [{ cron: '* * * * *' }, ['/timezone']],
    [{ timezone: 'UTC' }, ['/cron']],
    [{ everySeconds: 5 }, ['/everySeconds']],
    [{ everySeconds: '60', mode: 'c' }, ['/everySeconds', '/mode']],
    [{ cron: '* * * * *', timezone: 'UTC', everySeconds: 60 }, ['/everySeconds']],
    [{ cron: '* * * * *', timezone: 'UTC', extra: 1 }, ['/extra']],
    [{}, ['/everySeconds']],
  ])('%j: %j', (value, pointers) => {
    const parsed = union.safeParse(value);
    expect(parsed.success ? [] : zodProblems(parsed.error).map(({ pointer }) => pointer)).toEqual(pointers);
  });

  test('below the union, the path goes on', () => {
    const parsed = z.object({ list: z.array(z.union([z.string(), z.object({ a: z.int() })])) });
    const result = parsed.safeParse({ list: ['x', 5] });
    expect(result.success ? [] : zodProblems(result.error).map(({ pointer }) => pointer)).toEqual([
      '/list/1',
    ]);
  });
});

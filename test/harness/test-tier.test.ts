import { expect, test } from '@jest/globals';
import { createTestDatabase } from '../support/postgres.ts';
import { sharedRedisUrl } from '../support/redis.ts';
import { missingTier } from '../support/test-tier.ts';

test.each([
  ['claim.pg.test.ts', 'pg'],
  ['relay.pg.redis.test.ts', 'redis'],
  ['sync.e2e.test.ts', 'pg'],
  ['kill.chaos.test.ts', 'redis'],
  ['page.browser.test.ts', 'pg'],
] as const)('%s may use %s', (name, service) => {
  expect(missingTier(`/somewhere/${name}`, service, 'it')).toBeUndefined();
});

test.each([
  ['claim.test.ts', 'pg', 'claim.pg.test.ts'],
  ['relay.pg.test.ts', 'redis', 'relay.pg.redis.test.ts'],
  ['pg.test.ts', 'pg', 'pg.pg.test.ts'],
] as const)('%s may not use %s', (name, service, wanted) => {
  expect(missingTier(`/somewhere/${name}`, service, 'it')).toContain(wanted);
});

test('a service fails in a file whose name does not ask for it', async () => {
  await expect(createTestDatabase()).rejects.toThrow('test-tier.pg.test.ts');
  await expect(sharedRedisUrl()).rejects.toThrow('test-tier.redis.test.ts');
});

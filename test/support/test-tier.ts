import path from 'node:path';
import { expect } from '@jest/globals';

/** What a test can need, as its file name says: `claim.pg.test.ts`, `relay.pg.redis.test.ts`, `sync.e2e.test.ts`. */
export type Tier = 'pg' | 'redis' | 'e2e' | 'chaos' | 'browser';

/** These may use every service. */
const WHOLE_SYSTEM: readonly Tier[] = ['e2e', 'chaos', 'browser'];

/**
 * Fails unless the test file that runs says in its name that it needs the service, so that the names can be
 * trusted when only the fast tests are to run.
 */
export function requireTier(service: Tier, what: string): void {
  const { testPath } = expect.getState();
  if (testPath === undefined) throw new Error(`${what} works inside a test file only`);
  const problem = missingTier(testPath, service, what);
  if (problem !== undefined) throw new Error(problem);
}

/** Why a file of this name may not use the service; `undefined` when it may. */
export function missingTier(testPath: string, service: Tier, what: string): string | undefined {
  const name = path.basename(testPath);
  const tiers = name
    .replace(/\.test\.ts$/, '')
    .split('.')
    .slice(1);
  if ([service, ...WHOLE_SYSTEM].some((tier) => tiers.includes(tier))) return undefined;
  const wanted = name.replace(/\.test\.ts$/, `.${service}.test.ts`);
  return `${name} uses ${what}, so its name has to say so: ${wanted}`;
}

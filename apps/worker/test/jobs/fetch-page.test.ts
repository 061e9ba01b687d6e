import { describe, expect, test } from '@jest/globals';
import type { AnyConnector, AnyStream } from '@tidemark/core/connector';
import { type FailureKind, SourceError } from '@tidemark/core/failure';
import type { WorkerDependencies } from '../../src/dependencies.ts';
import { fetchPage } from '../../src/jobs/fetch-page.ts';
import type { PagePlan } from '../../src/jobs/page-plan.ts';

const PAGE = { records: [], invalid: [], next: null, watermark: null, total: null };
const { signal } = new AbortController();

/** A plan whose source fails in the given ways before it answers. */
function planOf(failures: FailureKind[]): { plan: PagePlan; tries: () => number } {
  let tries = 0;
  const stream = {
    fetchPage: async () => {
      const kind = failures[tries];
      tries += 1;
      if (kind !== undefined) throw new SourceError({ kind, code: 'source_unavailable', message: 'm' });
      return PAGE;
    },
  } as unknown as AnyStream;
  const connector = { usage: () => [] } as unknown as AnyConnector;
  const plan = {
    connectionId: 'c',
    connector,
    stream,
    config: {},
    credentials: {},
    checkpoint: {},
    hasMoreStreams: false,
    failedPageId: null,
  };
  return { plan, tries: () => tries };
}

function depsOf(granted: boolean) {
  const seen = { asked: 0, released: 0 };
  const limiter: WorkerDependencies['limiter'] = {
    acquire: async () => {
      seen.asked += 1;
      const release = () => {
        seen.released += 1;
      };
      return granted ? { granted, release } : { granted, retryAt: new Date(99), reason: 'rate' };
    },
    stop: async () => {},
  };
  return { deps: { limiter, now: () => 0 } as unknown as WorkerDependencies, seen };
}

describe('fetching a page', () => {
  test('L1 short transient faults are retried inside the job, twice, each under a ticket of its own', async () => {
    const { deps, seen } = depsOf(true);
    const { plan } = planOf(['transient', 'transient']);
    expect((await fetchPage(deps, plan, [], signal)).kind).toBe('answer');
    expect(seen).toEqual({ asked: 3, released: 3 });
  });

  test('L1 a third fault is for an attempt of its own', async () => {
    const { deps } = depsOf(true);
    const { plan, tries } = planOf(['transient', 'transient', 'transient']);
    expect(await fetchPage(deps, plan, [], signal)).toMatchObject({
      kind: 'failed',
      failure: { kind: 'transient' },
    });
    expect(tries()).toBe(3);
  });

  test.each(['throttled', 'unauthorized', 'invalidRequest', 'tooMuchData'] as const)(
    'what is %s is not asked again',
    async (kind) => {
      const { plan, tries } = planOf([kind, kind]);
      expect(await fetchPage(depsOf(true).deps, plan, [], signal)).toMatchObject({
        kind: 'failed',
        failure: { kind },
      });
      expect(tries()).toBe(1);
    },
  );

  test('without a ticket no call is made', async () => {
    const { plan, tries } = planOf([]);
    expect(await fetchPage(depsOf(false).deps, plan, [], signal)).toMatchObject({
      kind: 'refused',
      delayMs: 99,
    });
    expect(tries()).toBe(0);
  });
});

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../../../test/support/eventually.ts';
import { type Bench, expectSpaced, poolOf } from './harness.ts';

/** What a limiter promises, shared over Redis or not. */
export function limiterSuite(open: () => Bench): void {
  let bench: Bench;
  beforeEach(() => {
    bench = open();
  });
  afterEach(() => bench.limiter.stop());

  describe('rate', () => rate(() => bench));
  describe('waiting', () => waiting(() => bench));
  describe('leaving', () => leaving(() => bench));
  describe('settings', () => settings(() => bench));
  describe('several pools', () => severalPools(() => bench));
  describe('concurrency', () => concurrency(() => bench));
}

function rate(bench: () => Bench): void {
  test('E18: calls are spaced, however many wait', async () => {
    const pool = poolOf({ maxCalls: 20, perSeconds: 2 });
    const asked = performance.now();
    const times = await Promise.all(Array.from({ length: 25 }, () => bench().call(pool)));
    expectSpaced(asked, times, 104);
  });

  test('the first call of a pool does not wait', async () => {
    await bench().callSoon(poolOf({ maxCalls: 1, perSeconds: 60 }));
  });

  test('E19: reported usage slows the calls down', async () => {
    const pool = poolOf({ maxCalls: 100, perSeconds: 2, usedShare: 0.92 });
    const asked = performance.now();
    const times = [await bench().call(pool), await bench().call(pool), await bench().call(pool)];
    expectSpaced(asked, times, 200);
  });

  test('a call without pools is free', async () => {
    const ticket = await bench().ask([]);
    expect(ticket.granted).toBe(true);
  });

  test('a budget that cannot be spent is refused as a bug', async () => {
    await expect(bench().ask(poolOf({ maxCalls: 0 }))).rejects.toMatchObject({
      code: 'limit_budget_invalid',
    });
  });
}

function waiting(bench: () => Bench): void {
  test('what would take longer than asked is refused without waiting, to come back before its slot', async () => {
    // One call in 62 seconds.
    const pool = poolOf({ maxCalls: 1, perSeconds: 60 });
    const askedAt = Date.now();
    await bench().callSoon(pool);
    const ticket = await bench().ask(pool, 1_000);
    const refusedAt = Date.now();
    expect(ticket).toMatchObject({ granted: false, reason: 'rate' });
    expect(refusedAt - askedAt).toBeLessThan(30_000);
    const retryAt = ticket.granted ? 0 : ticket.retryAt.getTime();
    expect(retryAt).toBeGreaterThan(askedAt + 61_000);
    expect(retryAt).toBeLessThan(refusedAt + 62_000);
  });

  test('nobody waits longer than asked, however many there are', async () => {
    // In line they would wait for more than half a minute.
    const pool = poolOf({ maxCalls: 20, perSeconds: 2 });
    const asked = performance.now();
    const waits = await Promise.all(
      Array.from({ length: 300 }, async () => {
        const ticket = await bench().ask(pool, 500);
        return { granted: ticket.granted, ms: performance.now() - asked };
      }),
    );
    const granted = waits.filter((wait) => wait.granted);
    const lastMs = Math.max(...waits.map((wait) => wait.ms));
    // A slot each 100 ms: those within the wait, and those that pass while a busy machine still answers.
    expect(granted.length).toBeLessThanOrEqual(6 + lastMs / 100);
    expect(lastMs).toBeLessThan(20_000);
  });

  test('those who wait are served in order of arrival', async () => {
    const served = async (): Promise<number[]> => {
      const pool = poolOf({ maxCalls: 40, perSeconds: 2 });
      const order: number[] = [];
      await Promise.all(
        [1, 2, 3, 4, 5, 6].map(async (caller) => {
          if ((await bench().ask(pool)).granted) order.push(caller);
        }),
      );
      return order;
    };
    // Nobody is left out unless the machine stood still for the whole wait.
    const order = await eventually(async () => {
      const all = await served();
      expect(all).toHaveLength(6);
      return all;
    });
    expect(order).toEqual([1, 2, 3, 4, 5, 6]);
  });
}

function leaving(bench: () => Bench): void {
  test('a signal ends the wait with its reason', async () => {
    const pool = poolOf({ maxCalls: 10, perSeconds: 2 });
    await bench().call(pool);
    const abort = new AbortController();
    const left = bench().ask(pool, 1_000, abort.signal);
    abort.abort(new Error('cancelled'));
    await expect(left).rejects.toThrow('cancelled');
  });

  test('an aborted signal is refused before anything is taken', async () => {
    await expect(bench().ask(poolOf(), 1_000, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  });

  test('stop refuses who waits, and is idempotent', async () => {
    const pool = poolOf({ maxCalls: 4, perSeconds: 2 });
    await bench().call(pool);
    const waiting = bench().ask(pool, 1_000);
    await Promise.all([bench().limiter.stop(), bench().limiter.stop()]);
    expect(await waiting).toMatchObject({ granted: false });
    expect(await bench().ask(pool)).toMatchObject({ granted: false });
  });
}

function settings(bench: () => Bench): void {
  test('E18: a paused pool is refused until its pause is over, and holds up no other', async () => {
    const pausedUntil = new Date(Date.now() + 3_600_000);
    const paused = poolOf({ pausedUntil });
    expect(await bench().ask(paused)).toEqual({ granted: false, reason: 'paused', retryAt: pausedUntil });
    await bench().callSoon(poolOf());
    await bench().callSoon({ ...paused, pausedUntil: new Date(Date.now() - 1) });
  });

  test('a faster pool is faster from the next call on, and not after the old spacing', async () => {
    const slow = poolOf({ maxCalls: 1, perSeconds: 60 });
    const asked = performance.now();
    await bench().call(slow);
    await bench().refused(slow, 'rate');
    const fast = { ...slow, maxCalls: 20, perSeconds: 2 };
    const times = [await bench().call(fast), await bench().call(fast), await bench().call(fast)];
    expectSpaced(asked, [asked, ...times], 104);
    expect(Math.max(...times) - asked).toBeLessThan(50_000);
  });

  test('a slower pool is slower from the next call on', async () => {
    const fast = poolOf({ maxCalls: 20, perSeconds: 2 });
    await bench().call(fast);
    await bench().refused({ ...fast, maxCalls: 1, perSeconds: 60 }, 'rate');
  });
}

function severalPools(bench: () => Bench): void {
  test('a call spends from all of its pools', async () => {
    const narrow = poolOf({ maxCalls: 8, perSeconds: 2 });
    const wide = poolOf({ maxCalls: 40, perSeconds: 2 });
    const asked = performance.now();
    const times = await Promise.all(Array.from({ length: 6 }, () => bench().call([wide, narrow])));
    expectSpaced(asked, times, 260);
  });

  test('when one pool refuses, nothing is spent from the others', async () => {
    const open = poolOf({ maxCalls: 1, perSeconds: 60 });
    const spent = poolOf({ maxCalls: 1, perSeconds: 60 });
    await bench().call(spent);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await bench().refused([open, spent], 'rate');
    }
    await bench().callSoon(open);
  });

  test('the same pool twice is one pool', async () => {
    const pool = poolOf({ maxCalls: 1, perSeconds: 60 });
    await bench().callSoon([pool, { ...pool }]);
  });
}

function concurrency(bench: () => Bench): void {
  test('no more calls at once than allowed; a release is for one call, however often it is called', async () => {
    const pool = poolOf({ maxCalls: 100, perSeconds: 2, maxConcurrent: 2 });
    const release = await bench().hold(pool);
    await bench().hold(pool);
    await bench().refused(pool, 'concurrency');
    release();
    release();
    await bench().hold(pool);
    await bench().refused(pool, 'concurrency');
  });

  test('a limit on calls at once that is raised is raised for the next call', async () => {
    const pool = poolOf({ maxCalls: 100, perSeconds: 2, maxConcurrent: 1 });
    await bench().hold(pool);
    await bench().refused(pool, 'concurrency');
    await bench().hold({ ...pool, maxConcurrent: 2 });
  });
}

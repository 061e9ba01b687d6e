import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../../../test/support/eventually.ts';
import { type Bench, mostInWindow, poolOf } from './harness.ts';

/** What a limiter promises, shared over Redis or not. */
export function limiterSuite(open: () => Bench): void {
  let bench: Bench;
  beforeEach(() => {
    bench = open();
  });
  afterEach(() => bench.limiter.stop());

  describe('rate', () => rate(() => bench));
  describe('waiting', () => waiting(() => bench));
  describe('settings', () => settings(() => bench));
  describe('several pools', () => severalPools(() => bench));
  describe('concurrency', () => concurrency(() => bench));
}

function rate(bench: () => Bench): void {
  test('E18: calls are spaced, and no window holds more than the budget', async () => {
    const pool = poolOf({ maxCalls: 10, perSeconds: 1 });
    const times = await Promise.all(Array.from({ length: 25 }, () => bench().call(pool)));
    expect(mostInWindow(times, 1_000)).toBeLessThanOrEqual(10);
    const spanMs = Math.max(...times) - Math.min(...times);
    expect(spanMs).toBeGreaterThan(24 * 100);
    expect(spanMs).toBeLessThan(24 * 104 * 1.3);
  });

  test('the first call of a pool does not wait', async () => {
    const asked = performance.now();
    expect(await bench().ask(poolOf({ maxCalls: 1, perSeconds: 60 }))).toMatchObject({ granted: true });
    expect(performance.now() - asked).toBeLessThan(700);
  });

  test('E19: reported usage slows the calls down', async () => {
    const pool = poolOf({ maxCalls: 50, perSeconds: 1, usedShare: 0.92 });
    const times = await Promise.all([bench().call(pool), bench().call(pool), bench().call(pool)]);
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(2 * 200);
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
  test('what would take longer than asked is refused at once, to come back before its slot', async () => {
    const pool = poolOf({ maxCalls: 1, perSeconds: 5 });
    await bench().call(pool);
    const asked = performance.now();
    const ticket = await bench().ask(pool, 1_000);
    expect(performance.now() - asked).toBeLessThan(500);
    expect(ticket).toMatchObject({ granted: false, reason: 'rate' });
    const afterMs = ticket.granted ? 0 : ticket.retryAt.getTime() - Date.now();
    expect(afterMs).toBeGreaterThan(3_500);
    expect(afterMs).toBeLessThan(5_200 - 400);
  });

  test('nobody waits longer than asked, however many there are', async () => {
    const pool = poolOf({ maxCalls: 20, perSeconds: 2 });
    const asked = performance.now();
    const waits = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const ticket = await bench().ask(pool, 500);
        return { granted: ticket.granted, ms: performance.now() - asked };
      }),
    );
    const granted = waits.filter((wait) => wait.granted);
    expect(granted.length).toBeGreaterThanOrEqual(4);
    expect(granted.length).toBeLessThanOrEqual(6);
    expect(Math.max(...waits.map((wait) => wait.ms))).toBeLessThan(900);
  });

  test('those who wait are served in order of arrival', async () => {
    const pool = poolOf({ maxCalls: 20, perSeconds: 2 });
    const order: number[] = [];
    await Promise.all(
      [1, 2, 3, 4, 5, 6].map(async (caller) => {
        await bench().ask(pool);
        order.push(caller);
      }),
    );
    expect(order).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('a signal ends the wait with its reason, and the slot goes to the next in line', async () => {
    const pool = poolOf({ maxCalls: 10, perSeconds: 2 });
    const first = await bench().call(pool);
    const abort = new AbortController();
    const left = bench().ask(pool, 1_000, abort.signal);
    const next = bench()
      .ask(pool, 1_000)
      .then(({ granted }) => ({ granted, at: performance.now() }));
    // Answered after both before it are in line, with a slot each.
    expect(await bench().ask(pool, 0)).toMatchObject({ granted: false });
    abort.abort(new Error('cancelled'));
    await expect(left).rejects.toThrow('cancelled');
    const { granted, at } = await next;
    expect(granted).toBe(true);
    expect(at - first).toBeLessThan(2 * 208 - 20);
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
    const pausedUntil = new Date(Date.now() + 60_000);
    const paused = poolOf({ pausedUntil });
    expect(await bench().ask(paused)).toEqual({ granted: false, reason: 'paused', retryAt: pausedUntil });
    expect(await bench().ask(poolOf())).toMatchObject({ granted: true });
    expect(await bench().ask({ ...paused, pausedUntil: new Date(Date.now() - 1) })).toMatchObject({
      granted: true,
    });
  });

  test('a faster pool is faster from the next call on, and not after the old spacing', async () => {
    const slow = poolOf({ maxCalls: 1, perSeconds: 60 });
    await bench().call(slow);
    expect(await bench().ask(slow)).toMatchObject({ granted: false });
    const fast = { ...slow, maxCalls: 20, perSeconds: 2 };
    const times = [await bench().call(fast), await bench().call(fast), await bench().call(fast)];
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(150);
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(1_000);
  });

  test('a slower pool is slower from the next call on', async () => {
    const fast = poolOf({ maxCalls: 20, perSeconds: 2 });
    await bench().call(fast);
    const ticket = await bench().ask({ ...fast, maxCalls: 1, perSeconds: 30 });
    expect(ticket).toMatchObject({ granted: false, reason: 'rate' });
  });
}

function severalPools(bench: () => Bench): void {
  test('a call spends from all of its pools', async () => {
    const narrow = poolOf({ maxCalls: 8, perSeconds: 2 });
    const wide = poolOf({ maxCalls: 40, perSeconds: 2 });
    const times = await Promise.all(Array.from({ length: 6 }, () => bench().call([wide, narrow])));
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(5 * 250);
    expect(mostInWindow(times, 1_000)).toBeLessThanOrEqual(4);
  });

  test('when one pool refuses, nothing is spent from the others', async () => {
    const open = poolOf({ maxCalls: 1, perSeconds: 60 });
    const spent = poolOf({ maxCalls: 1, perSeconds: 60 });
    await bench().call(spent);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect(await bench().ask([open, spent])).toMatchObject({ granted: false, reason: 'rate' });
    }
    expect(await bench().ask(open)).toMatchObject({ granted: true });
  });

  test('the same pool twice is one pool', async () => {
    const pool = poolOf({ maxCalls: 1, perSeconds: 60 });
    expect(await bench().ask([pool, { ...pool }])).toMatchObject({ granted: true });
  });
}

function concurrency(bench: () => Bench): void {
  test('no more calls at once than allowed; a release is for one call, however often it is called', async () => {
    const pool = poolOf({ maxCalls: 100, perSeconds: 2, maxConcurrent: 2 });
    const first = await bench().ask(pool);
    const second = await bench().ask(pool);
    expect([first.granted, second.granted]).toEqual([true, true]);
    expect(await bench().ask(pool)).toMatchObject({ granted: false, reason: 'concurrency' });
    if (first.granted) {
      first.release();
      first.release();
    }
    await eventually(async () => expect(await bench().ask(pool)).toMatchObject({ granted: true }));
    expect(await bench().ask(pool)).toMatchObject({ granted: false, reason: 'concurrency' });
  });

  test('a limit on calls at once that is raised is raised for the next call', async () => {
    const pool = poolOf({ maxCalls: 100, perSeconds: 2, maxConcurrent: 1 });
    expect(await bench().ask(pool)).toMatchObject({ granted: true });
    expect(await bench().ask(pool)).toMatchObject({ granted: false, reason: 'concurrency' });
    expect(await bench().ask({ ...pool, maxConcurrent: 2 })).toMatchObject({ granted: true });
  });
}

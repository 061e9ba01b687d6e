import { describe, expect, test } from '@jest/globals';
import { eventually } from '../../../../test/support/eventually.ts';
import { periodicService } from '../../src/services/periodic-service.ts';

function counting(round: () => Promise<void> = async () => {}) {
  const seen = { rounds: 0, atOnce: 0, atOnceMax: 0, errors: 0 };
  const service = periodicService({
    name: 'counting',
    everyMs: 1,
    round: async () => {
      seen.rounds += 1;
      seen.atOnce += 1;
      seen.atOnceMax = Math.max(seen.atOnceMax, seen.atOnce);
      try {
        await round();
      } finally {
        seen.atOnce -= 1;
      }
    },
    onError: () => {
      seen.errors += 1;
    },
  });
  return { service, seen };
}

describe('a periodic service', () => {
  test('survives any order of starts and stops, never runs two rounds at once, and is still after a stop', async () => {
    const { service, seen } = counting();
    await service.stop();
    for (let lap = 0; lap < 200; lap += 1) {
      service.start();
      service.start();
      const stops = [service.stop(), service.stop()];
      if (lap % 3 === 0) service.start();
      await Promise.all(stops);
    }
    await service.stop();
    const { rounds } = seen;
    expect(seen.atOnceMax).toBe(1);
    expect(rounds).toBeGreaterThan(0);
    expect(seen.atOnce).toBe(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen.rounds).toBe(rounds);
  });

  test('goes on after a round that failed, and reports it', async () => {
    const { service, seen } = counting(() => Promise.reject(new Error('outage')));
    service.start();
    await eventually(async () => expect(seen.errors).toBeGreaterThan(3));
    await service.stop();
    expect(seen.errors).toBe(seen.rounds);
  });

  test('a stop waits for the round under way', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { service, seen } = counting(() => promise);
    service.start();
    await eventually(async () => expect(seen.atOnce).toBe(1));
    let stopped = false;
    const stopping = service.stop().then(() => {
      stopped = true;
    });
    await new Promise((next) => setImmediate(next));
    expect([seen.atOnce, stopped]).toEqual([1, false]);
    resolve();
    await stopping;
    expect(seen.atOnce).toBe(0);
  });
});

import { describe, expect, test } from '@jest/globals';
import { jobIdOf, PRIORITIES, priorityRank, TRIGGERS } from '@tidemark/core/queue';

const syncId = '01930000-0000-7000-8000-000000000001';

describe('jobs', () => {
  test('an id says which page and which pickup, and is one BullMQ accepts', () => {
    const ids = [
      jobIdOf('sync-page', { syncId, seq: 0, pickup: 0 }),
      jobIdOf('sync-page', { syncId, seq: 1, pickup: 0 }),
      jobIdOf('sync-page', { syncId, seq: 0, pickup: 1 }),
    ];
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^[^:]*[^:\d][^:]*$/);
  });

  test('a payload that holds anything but ids and numbers is refused', () => {
    expect(() => jobIdOf('sync-page', { syncId, seq: 0, pickup: 0, token: 'secret' })).toThrow();
    expect(() => jobIdOf('sync-page', { syncId: 'x', seq: 0, pickup: 0 })).toThrow();
  });
});

describe('priority', () => {
  test('webhook before manual before scheduled before backfill', () => {
    const of = (trigger: (typeof TRIGGERS)[number], backfill = false) => {
      return priorityRank({ trigger, priority: 'normal', backfill });
    };
    expect(of('webhook')).toBeLessThan(of('api'));
    expect(of('api')).toBeLessThan(of('schedule'));
    expect(of('schedule')).toBeLessThanOrEqual(of('api', true) + 1);
    expect(of('schedule')).toBeLessThan(of('schedule', true));
  });

  test('high comes before normal before low, and 1 is the first rank there is', () => {
    for (const trigger of TRIGGERS) {
      const ranks = PRIORITIES.map((priority) => priorityRank({ trigger, priority, backfill: false }));
      expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
      expect(Math.min(...ranks)).toBeGreaterThanOrEqual(1);
    }
  });
});

import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { jobIdOf } from '@tidemark/core/queue';
import { nextTick, rhythmOf, type ScheduleTiming } from '@tidemark/core/schedules';
import { eventually } from '../../../test/support/eventually.ts';
import { nextCronTime } from '../src/index.ts';
import { gate, type Stage } from './harness.ts';

const DAILY = { cron: '30 2 * * *', timezone: 'Europe/Berlin' };

function ringing(timing: ScheduleTiming, connectionId: string = randomUUID()) {
  const payload = { connectionId };
  return {
    id: jobIdOf('schedule-tick', payload),
    name: 'schedule-tick' as const,
    payload,
    timing,
  };
}

function everySecond(): ScheduleTiming {
  return { everySeconds: 1, anchor: new Date() };
}

/** What schedulers promise on either backend. */
export function schedulers(stage: () => Stage): void {
  const list = () => stage().queues.listSchedulers('schedule-tick');

  test('E22 are listed with their rhythm and the time a tick is due by our own count', async () => {
    const asked = new Date();
    const inHalfAnHour = new Date(asked.getTime() + 1_800_000);
    const requests = [ringing(DAILY), ringing({ everySeconds: 3_600, anchor: inHalfAnHour })];
    for (const request of requests) await stage().queues.upsertScheduler(request);
    const expected = requests.map(({ id, timing }) => ({
      id,
      rhythm: rhythmOf(timing),
      nextAt: nextTick(timing, asked, nextCronTime),
    }));
    const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
    expect((await list()).sort(byId)).toEqual(expected.sort(byId));
  });

  test('are one for each connection, replaced by another timing and left by the same', async () => {
    const first = ringing(DAILY);
    const second = ringing({ ...DAILY, timezone: 'America/New_York' }, first.payload.connectionId);
    const atOnce = Array.from({ length: 8 }, () => stage().queues.upsertScheduler(first));
    expect((await Promise.allSettled(atOnce)).map(({ status }) => status)).toContain('fulfilled');
    await eventually(() => stage().queues.upsertScheduler(first));
    expect((await list()).map(({ rhythm }) => rhythm)).toEqual(['30 2 * * * Europe/Berlin']);
    await stage().queues.upsertScheduler(second);
    expect((await list()).map(({ rhythm }) => rhythm)).toEqual(['30 2 * * * America/New_York']);
    await stage().queues.upsertScheduler(ringing(everySecond(), first.payload.connectionId));
    expect((await list()).map(({ rhythm }) => rhythm)).toEqual([expect.stringMatching(/^every 1 s/)]);
    const [system] = (await stage().queues.status()).filter(({ queue }) => queue === 'system');
    expect(system).toMatchObject({ delayed: 1 });
  });

  test('are gone after removal, once and for all', async () => {
    const request = ringing(DAILY);
    await stage().queues.upsertScheduler(request);
    await stage().queues.removeScheduler('schedule-tick', request.id);
    await stage().queues.removeScheduler('schedule-tick', request.id);
    expect(await list()).toEqual([]);
    const [system] = (await stage().queues.status()).filter(({ queue }) => queue === 'system');
    expect(system).toMatchObject({ delayed: 0, waiting: 0 });
  });

  test('several hundred are listed', async () => {
    const requests = Array.from({ length: 450 }, () => ringing(DAILY));
    // One after the other: hundreds at once would wait for each other for longer than a call may take.
    for (const request of requests) await stage().queues.upsertScheduler(request);
    expect(new Set((await list()).map(({ id }) => id))).toEqual(new Set(requests.map(({ id }) => id)));
  });

  rings(stage);
}

function rings(stage: () => Stage): void {
  test('E22 ring again and again, also after a ring whose handler failed', async () => {
    const request = ringing(everySecond());
    await stage().queues.upsertScheduler(request);
    const { heard } = await stage().bellWorker(() => {
      if (heard.length === 1) throw new Error('a bug');
      return { kind: 'done' };
    });
    await eventually(() => expect(heard.length).toBeGreaterThanOrEqual(3));
    expect(new Set(heard)).toEqual(new Set([request.payload.connectionId]));
  });

  test('E22 rings that nobody takes do not pile up', async () => {
    const hold = gate();
    await stage().queues.upsertScheduler(ringing(everySecond()));
    const { heard } = await stage().bellWorker(async () => {
      await hold.opened;
      return { kind: 'done' };
    });
    await eventually(() => expect(heard).toHaveLength(1));
    const missed = async () =>
      (Date.now() -
        ((await stage().queues.listSchedulers('schedule-tick'))[0]?.nextAt?.getTime() ?? Date.now())) /
      1_000;
    await eventually(async () => expect(await missed()).toBeGreaterThan(2));
    const [system] = (await stage().queues.status()).filter(({ queue }) => queue === 'system');
    expect((system?.waiting ?? 0) + (system?.delayed ?? 0)).toBe(1);
    hold.open();
  });
}

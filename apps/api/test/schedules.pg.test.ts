import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { jobIdOf } from '@tidemark/core/queue';
import { QueueUnavailableError } from '@tidemark/queue';
import { connectShop, type Harness, openHarness } from './harness.ts';

const BERLIN = { cron: '30 2 * * *', timezone: 'Europe/Berlin' };
const NOBODY = '01930000-0000-7000-8000-000000000001';

let api: Harness;
beforeAll(async () => {
  api = await openHarness();
});
afterAll(() => api.close());

const path = (connectionId: string) => `/v1/connections/${connectionId}/schedule`;
const bellOf = (connectionId: string) => api.queue.schedulers.get(jobIdOf('schedule-tick', { connectionId }));

async function put(connectionId: string, body: unknown, key = api.admin) {
  return api.ask('PUT', path(connectionId), { body, key });
}

describe('E22 PUT /v1/connections/:id/schedule', () => {
  test('creates a schedule that ticks by the clocks of its time zone', async () => {
    const id = await connectShop(api);
    const answer = await put(id, BERLIN);
    expect(answer.statusCode).toBe(200);
    const schedule = answer.json();
    expect(schedule).toEqual({
      connectionId: id,
      ...BERLIN,
      everySeconds: null,
      mode: 'incremental',
      nextTickAt: expect.any(String),
      lastTickAt: null,
      lastSyncId: null,
      ticksStarted: 0,
      ticksSkipped: 0,
      lastSkippedAt: null,
      lastSkipReason: null,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    const local = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', timeStyle: 'short' });
    expect(local.format(new Date(schedule.nextTickAt))).toBe('02:30');
    expect(bellOf(id)?.timing).toEqual(BERLIN);
    expect((await api.ask('GET', path(id))).json()).toEqual(schedule);
  });

  test('replaces it, mode and all; an interval ticks first after one interval', async () => {
    const id = await connectShop(api);
    const created = (await put(id, BERLIN)).json();
    const [clock] = await api.db.sql<{ ms: number }[]>`SELECT extract(epoch FROM now())::float8 * 1000 AS ms`;
    const schedule = (await put(id, { everySeconds: 900, mode: 'full' })).json();
    expect(schedule).toMatchObject({ cron: null, timezone: null, everySeconds: 900, mode: 'full' });
    expect(schedule.createdAt).toBe(created.createdAt);
    const waitMs = Date.parse(schedule.nextTickAt) - (clock?.ms ?? 0);
    expect(waitMs).toBeGreaterThanOrEqual(899_999);
    expect(waitMs).toBeLessThan(1_200_000);
    expect(bellOf(id)?.timing).toEqual({ everySeconds: 900, anchor: new Date(schedule.nextTickAt) });
  });

  test('the same again changes nothing that matters', async () => {
    const id = await connectShop(api);
    const first = (await put(id, { everySeconds: 900 })).json();
    const again = (await put(id, { everySeconds: 900 })).json();
    expect({ ...again, updatedAt: first.updatedAt }).toEqual(first);
  });

  test.each([
    [{}, ['/everySeconds']],
    [{ cron: '* * * * *' }, ['/timezone']],
    [{ timezone: 'UTC' }, ['/cron']],
    [{ ...BERLIN, everySeconds: 60 }, ['/everySeconds']],
    [{ everySeconds: 60, every: 5 }, ['/every']],
    [{ everySeconds: 9 }, ['/everySeconds']],
    [{ everySeconds: 10.5 }, ['/everySeconds']],
    [{ everySeconds: 400 * 86_400 }, ['/everySeconds']],
    [{ everySeconds: 60, mode: 'some' }, ['/mode']],
    [{ cron: '* * * * *', timezone: 'Europe/Atlantis' }, ['/timezone']],
    [{ cron: '* * * * *', timezone: '+02:00' }, ['/timezone']],
    [{ cron: 'never', timezone: 'UTC' }, ['/cron']],
    [{ cron: '61 * * * *', timezone: 'UTC' }, ['/cron']],
    [{ cron: '*/5 * * * * *', timezone: 'UTC' }, ['/cron']],
    [{ cron: '0 0 30 2 *', timezone: 'UTC' }, ['/cron']],
  ])('refuses %j and points at %j', async (body, pointers) => {
    const id = await connectShop(api);
    const answer = await put(id, body);
    expect(answer.statusCode).toBe(422);
    const problem = answer.json();
    expect(problem.code).toBe('validation_failed');
    expect(problem.errors.map((error: { pointer: string }) => error.pointer)).toEqual(pointers);
    expect((await api.ask('GET', path(id))).statusCode).toBe(404);
  });

  test('is committed although the queue is away', async () => {
    const id = await connectShop(api);
    api.queue.failure = new QueueUnavailableError('upsertScheduler');
    try {
      expect((await put(id, BERLIN)).statusCode).toBe(200);
      expect((await api.ask('DELETE', path(id))).statusCode).toBe(204);
    } finally {
      api.queue.failure = null;
    }
  });
});

describe('GET and DELETE', () => {
  test('404 says what is missing, 204 ends the schedule and its bell', async () => {
    const id = await connectShop(api);
    for (const method of ['GET', 'DELETE'] as const) {
      const none = await api.ask(method, path(id));
      expect(none.statusCode).toBe(404);
      expect(none.json()).toMatchObject({
        code: 'not_found',
        detail: expect.stringContaining('no schedule'),
      });
      const nobody = await api.ask(method, path(NOBODY));
      expect(nobody.json()).toMatchObject({
        code: 'not_found',
        detail: expect.stringContaining('no connection'),
      });
    }
    await put(id, BERLIN);
    expect((await api.ask('DELETE', path(id))).statusCode).toBe(204);
    expect(bellOf(id)).toBeUndefined();
    expect((await api.ask('GET', path(id))).statusCode).toBe(404);
  });

  test('a deleted connection loses its schedule, also when it is revived', async () => {
    const id = await connectShop(api);
    await put(id, BERLIN);
    expect((await api.ask('DELETE', `/v1/connections/${id}`)).statusCode).toBe(204);
    expect(bellOf(id)).toBeUndefined();
    expect((await put(id, BERLIN)).statusCode).toBe(404);
    expect(await api.db.sql`SELECT 1 FROM sync_schedules WHERE connection_id = ${id}`).toHaveLength(0);
  });

  test('O4 another tenant finds nothing, and a key needs the scope', async () => {
    const id = await connectShop(api);
    await put(id, BERLIN);
    const stranger = await api.newKey(['admin'], await api.newTenant('stranger'));
    expect((await put(id, BERLIN, stranger)).statusCode).toBe(404);
    expect((await api.ask('GET', path(id), { key: stranger })).statusCode).toBe(404);
    expect((await api.ask('DELETE', path(id), { key: stranger })).statusCode).toBe(404);
    const reader = await api.newKey(['connections:read']);
    expect((await api.ask('GET', path(id), { key: reader })).statusCode).toBe(200);
    expect((await put(id, BERLIN, reader)).statusCode).toBe(403);
    expect((await api.ask('DELETE', path(id), { key: reader })).statusCode).toBe(403);
  });
});

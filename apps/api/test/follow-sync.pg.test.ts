import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BEGINNING } from '../src/events/event-position.ts';
import { type EndOfStream, followSync } from '../src/events/follow-sync.ts';
import type { SseSink } from '../src/events/sse-sink.ts';
import { createWakeSignal } from '../src/events/wake-signal.ts';
import { connectShop, type Harness, moveSync, openHarness, startOne } from './harness.ts';

let api: Harness;
beforeAll(async () => {
  api = await openHarness();
});
afterAll(() => api.close());

type Sent = Parameters<SseSink['send']>[0];

/** Follows a sync into a list; `onSend` says after each event whether the reader stays. */
async function follow(
  syncId: string,
  onSend: (sent: Sent) => Promise<boolean>,
): Promise<[Sent[], EndOfStream]> {
  const sent: Sent[] = [];
  let closed = false;
  const sink: SseSink = {
    send: async (event) => {
      sent.push(event);
      closed = !(await onSend(event));
    },
    comment: () => {},
    end: () => {},
    get isClosed() {
      return closed;
    },
    count: 0,
  };
  const end = await followSync({
    db: api.db,
    tenantId: api.tenantId,
    syncId,
    from: BEGINNING,
    sink,
    signal: createWakeSignal(),
    times: { heartbeatMs: 600_000, pollMs: 10 },
    isStopping: () => false,
  });
  return [sent, end];
}

test('a sync that ends just after its events were read is not called done before its last event', async () => {
  const syncId = await startOne(api, await connectShop(api));
  const [sent, end] = await follow(syncId, async (event) => {
    if (isFirst(event)) await moveSync(api.db, syncId, 'cancelled');
    return true;
  });
  expect(end).toBe('done');
  expect(sent.map(({ event }) => event)).toEqual(['transition', 'transition', 'done']);
});

const isFirst = ({ data }: Sent) => JSON.stringify(data).includes('"to":"queued"');

test('a long replay comes with one progress, at its end', async () => {
  const syncId = await startOne(api, await connectShop(api));
  await moveSync(api.db, syncId, 'running');
  await api.db.sql`
    INSERT INTO sync_events (sync_id, type, data)
    SELECT ${syncId}, 'page', jsonb_build_object('seq', n) FROM generate_series(0, 999) AS n ORDER BY n`;
  const [sent, end] = await follow(syncId, async ({ event }) => event !== 'progress');
  expect(end).toBe('left');
  expect(sent.map(({ event }) => event)).toEqual([
    'transition',
    'transition',
    ...Array.from({ length: 1_000 }, () => 'page'),
    'progress',
  ]);
});

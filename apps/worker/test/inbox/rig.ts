import { createHash } from 'node:crypto';
import { connectorRegistry } from '@tidemark/connectors';
import { noCrash } from '@tidemark/core/crash';
import { createEventBus, type EngineEventName, type EngineEvents } from '@tidemark/core/events';
import { createConnection, type Database, type DeliveryJob, storeDeliveries } from '@tidemark/db';
import type { JobOutcome } from '@tidemark/queue';
import { type Fixture, openFixture } from '../../../../packages/db/test/ops/fixtures.ts';
import { type DeliveryDependencies, webhookDeliveryHandler } from '../../src/jobs/webhook-delivery.ts';

/** An inbox with the handler of its jobs, without a queue: the test says who runs when. */
export interface InboxRig extends Fixture {
  deps: DeliveryDependencies;
  /** Stores bodies as the API does; those that are known already are none. */
  store(...bodies: string[]): Promise<DeliveryJob[]>;
  run(job: DeliveryJob, deps?: DeliveryDependencies): Promise<JobOutcome>;
  /** Stores and processes. */
  deliver(body: string): Promise<void>;
  connect(pageId: string): Promise<string>;
  /** What is kept of a delivery besides its body. */
  delivery(deliveryId: string): Promise<Record<string, unknown>>;
  seen<N extends EngineEventName>(name: N): EngineEvents[N][];
  clear(): Promise<void>;
}

export async function openInboxRig(): Promise<InboxRig> {
  const fixture = await openFixture();
  const { db } = fixture;
  const kept: { name: string; fields: unknown }[] = [];
  const events = createEventBus(() => undefined);
  events.subscribe((name, fields) => kept.push({ name, fields }));
  const connectors = connectorRegistry({ graphUrl: 'http://unused', graphVersion: 'v26.0' });
  const deps: DeliveryDependencies = {
    db,
    connectors,
    events,
    crash: noCrash,
    now: Date.now,
    random: () => 0,
  };
  const context = { jobId: 'test', attemptsMade: 0, signal: new AbortController().signal };
  const store = (...bodies: string[]) => storeDeliveries(db, bodies.map(toReceived));
  const run = (job: DeliveryJob, other = deps) => webhookDeliveryHandler(other)(job, context);
  return {
    ...fixture,
    deps,
    store,
    run,
    deliver: async (body) => {
      for (const job of await store(body)) await run(job);
    },
    connect: (pageId) => connect(db, pageId),
    delivery: async (deliveryId) => {
      const [row] = await db.sql`
        SELECT status, attempts, pickup, error, accounts, waiting_accounts AS waiting, counts
        FROM webhook_deliveries WHERE id = ${deliveryId}`;
      return { ...row };
    },
    seen: <N extends EngineEventName>(name: N) =>
      kept.filter((event) => event.name === name).map((event) => event.fields as EngineEvents[N]),
    clear: async () => {
      // For a few rows much quicker than TRUNCATE.
      await db.sql`DELETE FROM webhook_deliveries`;
      await db.sql`DELETE FROM quarantine`;
      await db.sql`DELETE FROM messenger_conversations`;
      await db.sql`DELETE FROM validation_counts`;
    },
  };
}

function toReceived(text: string) {
  const body = Buffer.from(text);
  return { source: 'messenger', dedupeKey: createHash('sha256').update(body).digest('hex'), body };
}

/** The pool a test may hold to keep a connection from being committed. */
export const HELD_POOL = 'test:held';

async function connect(db: Database, pageId: string): Promise<string> {
  const [tenant] = await db.sql<{ id: string }[]>`SELECT id FROM tenants WHERE name = 'test'`;
  const outcome = await createConnection(db, {
    tenantId: tenant?.id ?? '',
    connector: 'messenger',
    name: pageId,
    config: { pageId },
    accountId: pageId,
    conflictPolicy: 'source_wins',
    pools: [{ pool: HELD_POOL, maxCalls: 1, perSeconds: 1, maxConcurrent: null }],
    seal: () => null,
  });
  if (outcome.kind !== 'created') throw new Error(`not created: ${pageId}`);
  return outcome.connectionId;
}

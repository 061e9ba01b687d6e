import type { Database } from '../database.ts';

export interface NewSubscriber {
  tenantId: string;
  url: string;
  description: string;
  eventTypes: readonly string[];
  /** Seals the signing secret for the id the subscriber gets. */
  seal(subscriberId: string): string;
}

/** Stores a subscriber and returns its id. It is told of what happens from now on. */
export async function createSubscriber(db: Database, subscriber: NewSubscriber): Promise<string> {
  const [made] = await db.sql<{ id: string }[]>`SELECT tidemark_uuidv7() AS id`;
  if (made === undefined) throw new Error('SELECT tidemark_uuidv7() returned no row.');
  const { tenantId, url, description, eventTypes } = subscriber;
  await db.sql`
    INSERT INTO subscribers (id, tenant_id, url, description, event_types, secret)
    VALUES (
      ${made.id}, ${tenantId}, ${url}, ${description}, ${[...eventTypes]}::text[], ${subscriber.seal(made.id)}
    )`;
  return made.id;
}

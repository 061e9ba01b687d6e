import type { InteractionEvent } from '@tidemark/core/contracts';
import { and, desc, eq, lt, or } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { contactInteractionEvents as events } from '../schema/index.ts';
import { type ListPage, pageOf } from './keyset.ts';

export interface InteractionEventPosition {
  /** ISO 8601. */
  at: string;
  id: string;
}

/** Events of a conversation, newest first. */
export async function listInteractionEvents(
  db: Database,
  query: { conversationId: string; limit: number; after: InteractionEventPosition | null },
): Promise<ListPage<InteractionEvent, InteractionEventPosition>> {
  const rows = await db.orm
    .select()
    .from(events)
    .where(and(eq(events.conversationId, query.conversationId), before(query.after)))
    .orderBy(desc(events.eventTimestamp), desc(events.id))
    .limit(query.limit + 1);
  return pageOf(rows.map(toEvent), query.limit, (event) => ({ at: event.eventTimestamp, id: event.id }));
}

function before(after: InteractionEventPosition | null) {
  if (after === null) return undefined;
  const at = new Date(after.at);
  return or(lt(events.eventTimestamp, at), and(eq(events.eventTimestamp, at), lt(events.id, after.id)));
}

function toEvent(row: typeof events.$inferSelect): InteractionEvent {
  return {
    id: row.id,
    conversationId: row.conversationId,
    eventType: row.eventType,
    eventTimestamp: row.eventTimestamp.toISOString(),
    messageId: row.messageId,
    direction: row.direction === 'out' ? 'out' : 'in',
    text: row.text,
    metadata: Object.fromEntries(Object.entries(row.metadata ?? {})),
    version: row.version,
    createdAt: row.createdAt.toISOString(),
  };
}

import { createLogger, type RunningApi, startApi } from '@tidemark/api';
import type { Database } from '@tidemark/db';
import { ADMIN_KEY } from '../engine/api-client.ts';
import {
  type EngineAddresses,
  engineEnvironment,
  engineKeyring,
  engineVariables,
} from '../engine/settings.ts';
import { eventually } from '../eventually.ts';
import { APP_SECRET, deliveryOf, eventOf, signed, VERIFY_TOKEN } from './sign.ts';

/** An API that takes deliveries in. */
export interface InboxApi extends RunningApi {
  /** Sends a body as Meta does, and returns the answer. */
  deliver(body: string): Promise<Response>;
}

export async function startInboxApi(addresses: EngineAddresses): Promise<InboxApi> {
  const variables = {
    PORT: '0',
    TIDEMARK_ADMIN_KEY: ADMIN_KEY,
    META_APP_SECRET: APP_SECRET,
    META_VERIFY_TOKEN: VERIFY_TOKEN,
  };
  const api = await startApi({
    environment: engineEnvironment(engineVariables(addresses, variables)),
    databaseUrl: addresses.databaseUrl,
    keyring: engineKeyring(),
    logger: createLogger('silent'),
  });
  const url = `${api.url}/webhooks/messenger`;
  return { ...api, deliver: (body) => fetch(url, { method: 'POST', body, headers: signed(body) }) };
}

/** A message of a contact, one of many that follow each other by a millisecond. */
export function messageTo(pageId: string, contact: string, number: number): string {
  const message = { mid: `m_${contact}_${number}`, text: `text ${number}` };
  return deliveryOf(pageId, [eventOf(pageId, contact, 1_772_998_000_000 + number, { message })]);
}

/** Waits until nothing in the inbox is to be processed. */
export async function inboxSettled(db: Database): Promise<void> {
  await eventually(
    async () => {
      const waiting = await db.sql`SELECT id FROM webhook_deliveries WHERE status = 'received'`;
      if (waiting.length > 0) throw new Error(`${waiting.length} deliveries wait`);
    },
    { timeoutMs: 45_000 },
  );
}

/** The texts of a Page's messages, oldest first. */
export async function storedTexts(db: Database, pageId: string): Promise<string[]> {
  const rows = await db.sql<{ text: string }[]>`
    SELECT e.text FROM contact_interaction_events e JOIN messenger_conversations c ON c.id = e.conversation_id
    WHERE c.page_id = ${pageId} ORDER BY e.event_timestamp, e.message_id`;
  return rows.map((row) => row.text);
}

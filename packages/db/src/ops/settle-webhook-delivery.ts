import type { DeliveryPart, ParsedDelivery } from '@tidemark/core/connector';
import { type DeliveryCounts, NO_DELIVERY_COUNTS } from '@tidemark/core/contracts';
import type { CrashHook } from '@tidemark/core/crash';
import { storableJson } from '@tidemark/core/json';
import { mergeReadings, type SchemaReading } from '@tidemark/core/validation';
import type postgres from 'postgres';
import type { Database } from '../database.ts';
import type { LoadedDelivery } from './load-delivery.ts';
import { lockAccounts } from './lock-account.ts';
import { quarantineRecords } from './quarantine-records.ts';
import { recordValidation } from './record-validation.ts';
import type { DeliveryJob } from './store-deliveries.ts';
import { type ConversationOutcome, writeConversations } from './write-records.ts';

/** A conversation that a delivery spoke of, as its write left it. */
export interface NotifiedConversation {
  connectionId: string;
  conversationId: string;
  version: number;
  /** It was not known before. */
  isNew: boolean;
  /** Rows that are new or changed; 0: all of it was known. */
  eventsWritten: number;
}

export type WebhookSettlement =
  | {
      kind: 'settled';
      status: 'processed' | 'unclaimed' | 'ignored';
      conversations: NotifiedConversation[];
      /** Those whose accounts it spoke of. */
      connectionIds: string[];
      /** What this time was added to the delivery's counts. */
      counts: DeliveryCounts;
      /** Accounts whose part waits for a connection. */
      waiting: string[];
    }
  /** Nothing was written: somebody else processed it, or it was handed out anew. */
  | { kind: 'superseded' };

/**
 * Stores what a delivery says, through the one writer of each kind, and what became of it in the delivery's row: all of
 * it or nothing, and once, however often and at how many places its job runs.
 *
 * The parts whose account has a connection are stored; the others wait for theirs, by name, and only they are processed
 * when the delivery comes again.
 *
 * Locks, in this order: the delivery's row; the rows of the connections by account; accounts without one (`lockAccounts`);
 * the conversations by account and contact, with what automation rules lock (`fireRules`); quarantine; last, because every
 * delivery for the same account wants the same rows, what the schemas saw.
 */
export async function settleWebhookDelivery(
  db: Database,
  job: DeliveryJob & Pick<LoadedDelivery, 'source' | 'attempts'>,
  parsed: ParsedDelivery,
  crash: CrashHook,
): Promise<WebhookSettlement> {
  return db.sql.begin(async (tx) => {
    const [held] = await tx<{ waiting: string[] | null; counts: DeliveryCounts | null }[]>`
      SELECT waiting_accounts AS waiting, counts FROM webhook_deliveries
      WHERE id = ${job.deliveryId} AND pickup = ${job.pickup} AND status = 'received'
      FOR UPDATE`;
    if (held === undefined) return { kind: 'superseded' };
    const isFirst = held.waiting === null;
    const due = parsed.parts.filter((part) => held.waiting?.includes(part.accountId) ?? true);
    const connections = await findConnections(tx, job.source, due);
    const conversations: NotifiedConversation[] = [];
    const counts = startCounts(isFirst ? parsed.ignored : new Map());
    const waiting: string[] = [];
    const readings: [connectionId: string, readings: readonly SchemaReading[]][] = [];
    for (const part of due) {
      const connectionId = connections.get(part.accountId);
      if (connectionId === undefined) {
        waiting.push(part.accountId);
        continue;
      }
      const written = await writePart(tx, connectionId, part, () => crash('beforeRulesFire', job.attempts));
      await quarantineRecords(tx, { connectionId, syncId: null }, part.invalid);
      conversations.push(...written);
      counts.events += part.events;
      counts.quarantined += part.invalid.length;
      counts.written += written.reduce((sum, one) => sum + one.eventsWritten, 0);
      readings.push([connectionId, mergeReadings(part.validation)]);
    }
    crash('afterRulesFired', job.attempts);
    const settled = waiting.length > 0 ? 'unclaimed' : 'processed';
    const status = parsed.isOurs ? settled : 'ignored';
    const accounts = parsed.parts.map((part) => part.accountId);
    await mark(tx, job, { status, waiting, accounts, counts: isFirst ? counts : added(held.counts, counts) });
    for (const [connectionId, told] of readings) await recordValidation(tx, connectionId, told);
    return {
      kind: 'settled',
      status,
      conversations,
      connectionIds: [...connections.values()],
      counts,
      waiting,
    };
  });
}

/**
 * The connections of the accounts, by account, kept from being deleted meanwhile. An account without one is locked, and
 * looked for once more: until the end of the transaction it stays without.
 */
async function findConnections(
  tx: postgres.TransactionSql,
  connector: string,
  parts: readonly DeliveryPart[],
): Promise<ReadonlyMap<string, string>> {
  const accounts = parts.map((part) => part.accountId);
  const find = async (wanted: readonly string[]) => {
    const rows = await tx<{ id: string; accountId: string }[]>`
      SELECT id, account_id AS "accountId" FROM connections
      WHERE connector = ${connector} AND account_id = ANY (${wanted}::text[]) AND deleted_at IS NULL
      ORDER BY account_id
      FOR KEY SHARE`;
    return rows.map((row): [string, string] => [row.accountId, row.id]);
  };
  const found = new Map(await find(accounts));
  const missing = accounts.filter((account) => !found.has(account));
  if (missing.length === 0) return found;
  await lockAccounts(tx, connector, missing, 'shared');
  return new Map([...found, ...(await find(missing))]);
}

async function writePart(
  tx: postgres.TransactionSql,
  connectionId: string,
  part: DeliveryPart,
  beforeRules: () => void,
): Promise<NotifiedConversation[]> {
  const written: NotifiedConversation[] = [];
  for (const group of part.records) {
    if (group.rows.length === 0) continue;
    const page = { connectionId, pageId: part.accountId };
    const outcomes = await writeConversations(tx, page, group.rows, beforeRules);
    written.push(...outcomes.map((outcome) => toNotified(connectionId, outcome)));
  }
  return written;
}

function toNotified(connectionId: string, outcome: ConversationOutcome): NotifiedConversation {
  return {
    connectionId,
    conversationId: outcome.conversation_id,
    version: outcome.version,
    isNew: outcome.is_new,
    eventsWritten: outcome.events_inserted + outcome.events_updated,
  };
}

function startCounts(ignored: ReadonlyMap<string, number>): DeliveryCounts {
  // The names of what was ignored come from the source.
  const { value } = storableJson(Object.fromEntries(ignored));
  return { ...NO_DELIVERY_COUNTS, ignored: Object.fromEntries(Object.entries(value ?? {})) };
}

/** What was ignored was counted the first time. */
function added(held: DeliveryCounts | null, more: DeliveryCounts): DeliveryCounts {
  const before = held ?? NO_DELIVERY_COUNTS;
  return {
    events: before.events + more.events,
    written: before.written + more.written,
    quarantined: before.quarantined + more.quarantined,
    ignored: before.ignored,
  };
}

async function mark(
  tx: postgres.TransactionSql,
  job: DeliveryJob,
  end: { status: string; waiting: string[]; accounts: string[]; counts: DeliveryCounts },
): Promise<void> {
  await tx`
    UPDATE webhook_deliveries
       SET status = ${end.status}, waiting_accounts = ${end.waiting}::text[], accounts = ${end.accounts}::text[],
           counts = ${JSON.stringify(end.counts)}::text::jsonb, error = NULL,
           processed_at = CASE WHEN ${end.status !== 'unclaimed'} THEN clock_timestamp() END
     WHERE id = ${job.deliveryId}`;
}

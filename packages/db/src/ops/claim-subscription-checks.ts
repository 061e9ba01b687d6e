import type { ConnectionFacts, GapReason } from '@tidemark/core/subscriptions';
import type { Database } from '../database.ts';
import { type PoolState, poolStates } from '../read/pool-states.ts';

/** The right to settle one check. It is lost when somebody else takes the next one. */
export interface CheckClaim {
  connectionId: string;
  /** When the next check is due, as PostgreSQL writes it. */
  checkAt: string;
}

/** A check that is due, and what is known here of its connection. */
export interface SubscriptionCheck extends CheckClaim {
  connector: string;
  config: unknown;
  /** Sealed; opened at the call. */
  credentials: string | null;
  pools: PoolState[];
  facts: ConnectionFacts;
}

interface Row extends Omit<SubscriptionCheck, 'facts'> {
  owed: GapReason | null;
  quiet_seconds: number | null;
  inbox_behind: boolean;
  stored_until_ms: number | null;
  filled_until_ms: number | null;
  unfilled_seconds: number | null;
}

/** A delivery that was not processed by then shows that the inbox is behind. */
const BEHIND_SECONDS = 60;

/**
 * Takes checks that are due by PostgreSQL's clock, the most overdue first, in one statement: of any number of callers one
 * gets each, and nobody gets it again before `everySeconds` have passed. Connections that need new credentials are left out.
 */
export async function claimSubscriptionChecks(
  db: Database,
  request: { connectors: readonly string[]; everySeconds: number; limit: number },
): Promise<SubscriptionCheck[]> {
  const { connectors, everySeconds, limit } = request;
  await addMissing(db, connectors);
  const rows = await db.sql<Row[]>`
    WITH due AS (
      SELECT w.connection_id
      FROM webhook_subscriptions w JOIN connections c ON c.id = w.connection_id
      WHERE w.check_at <= clock_timestamp()
        AND c.connector = ANY (${connectors}::text[]) AND c.deleted_at IS NULL AND c.status = 'active'
      ORDER BY w.check_at LIMIT ${limit}
      FOR UPDATE OF w SKIP LOCKED
    ), taken AS (
      UPDATE webhook_subscriptions w SET check_at = clock_timestamp() + make_interval(secs => ${everySeconds})
      FROM due WHERE w.connection_id = due.connection_id
      RETURNING w.*
    )
    SELECT t.connection_id AS "connectionId", t.check_at::text AS "checkAt", c.connector, c.config, c.credentials, t.owed,
           extract(epoch FROM clock_timestamp() - greatest(t.last_event_at, t.subscribed_since))::float8 AS quiet_seconds,
           EXISTS (
             SELECT 1 FROM webhook_deliveries d
             WHERE d.source = c.connector AND d.status = 'received'
               AND d.received_at < clock_timestamp() - make_interval(secs => ${BEHIND_SECONDS})
           ) AS inbox_behind,
           (SELECT extract(epoch FROM max(m.last_message_time)) * 1000
              FROM messenger_conversations m WHERE m.connection_id = t.connection_id)::float8 AS stored_until_ms,
           (extract(epoch FROM t.filled_until) * 1000)::float8 AS filled_until_ms,
           CASE WHEN g.status = 'failed' AND NOT EXISTS (
             SELECT 1 FROM syncs s
             WHERE s.connection_id = t.connection_id AND s.status = 'completed' AND s.purpose = 'sync' AND NOT s.dry_run
               AND s.created_at >= t.last_gap_at
           ) THEN extract(epoch FROM clock_timestamp() - t.last_gap_at)::float8 END AS unfilled_seconds,
           ${poolStates(db.sql, db.sql`t.connection_id`)} AS pools
    FROM taken t JOIN connections c ON c.id = t.connection_id
    LEFT JOIN syncs g ON g.id = t.last_gap_sync_id`;
  return rows.map(toCheck);
}

/** Connections become known here with their first check. One that is just being deleted is left alone. */
async function addMissing(db: Database, connectors: readonly string[]): Promise<void> {
  await db.sql`
    INSERT INTO webhook_subscriptions (connection_id)
    SELECT c.id FROM connections c
    WHERE c.connector = ANY (${connectors}::text[]) AND c.deleted_at IS NULL AND c.status = 'active'
      AND NOT EXISTS (SELECT 1 FROM webhook_subscriptions w WHERE w.connection_id = c.id)
    ORDER BY c.id
    FOR KEY SHARE OF c SKIP LOCKED
    ON CONFLICT DO NOTHING`;
}

function toCheck(row: Row): SubscriptionCheck {
  const { connectionId, checkAt, connector, config, credentials, pools } = row;
  const facts = {
    owed: row.owed,
    quietSeconds: row.quiet_seconds,
    inboxBehind: row.inbox_behind,
    storedUntilMs: row.stored_until_ms,
    filledUntilMs: row.filled_until_ms,
    unfilledSeconds: row.unfilled_seconds,
  };
  return { connectionId, checkAt, connector, config, credentials, pools, facts };
}

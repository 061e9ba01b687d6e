import type { Database } from '../database.ts';

/** An answer as it was sent. The body is sealed by the caller: it may hold what is shown only once. */
export interface StoredAnswer {
  status: number;
  headers: Record<string, string>;
  sealedBody: string;
}

export type IdempotencyClaim =
  /** The request is the first with its key and may run. `claim` proves it when its answer is stored. */
  | { kind: 'first'; claim: string }
  | { kind: 'answered'; answer: StoredAnswer }
  | { kind: 'inProgress' }
  /** The key was used for another request. */
  | { kind: 'otherRequest' };

export interface IdempotentRequest {
  tenantId: string;
  key: string;
  requestHash: string;
}

/**
 * Claims an Idempotency-Key for a request. A claim without an answer that is older than `staleSeconds` was left
 * by a process that died and is taken over; an answer older than `keepSeconds` is forgotten.
 */
export async function claimIdempotencyKey(
  db: Database,
  request: IdempotentRequest,
  bounds: { staleSeconds: number; keepSeconds: number },
): Promise<IdempotencyClaim> {
  // The row that kept us from inserting may be released before we read it: then the key is free again.
  for (let attempt = 1; attempt <= CLAIM_ATTEMPTS_MAX; attempt += 1) {
    const [mine] = await db.sql<{ claim: string }[]>`
      INSERT INTO idempotency_keys AS held (tenant_id, key, request_hash, created_at)
      VALUES (${request.tenantId}, ${request.key}, ${request.requestHash}, clock_timestamp())
      ON CONFLICT (tenant_id, key) DO UPDATE
        SET request_hash = excluded.request_hash, status = NULL, headers = NULL, body = NULL,
            created_at = excluded.created_at
        WHERE held.created_at < clock_timestamp() - make_interval(secs => CASE
          WHEN held.status IS NULL THEN ${bounds.staleSeconds}::integer ELSE ${bounds.keepSeconds}::integer END)
      RETURNING created_at AS claim`;
    if (mine !== undefined) return { kind: 'first', claim: mine.claim };
    const held = await readClaim(db, request);
    if (held !== null) return held;
  }
  return { kind: 'inProgress' };
}

const CLAIM_ATTEMPTS_MAX = 3;

async function readClaim(db: Database, request: IdempotentRequest): Promise<IdempotencyClaim | null> {
  const [held] = await db.sql<
    { requestHash: string; status: number | null; headers: Record<string, string>; body: string }[]
  >`
    SELECT request_hash AS "requestHash", status, headers, body FROM idempotency_keys
    WHERE tenant_id = ${request.tenantId} AND key = ${request.key}`;
  if (held === undefined) return null;
  if (held.requestHash !== request.requestHash) return { kind: 'otherRequest' };
  if (held.status === null) return { kind: 'inProgress' };
  return {
    kind: 'answered',
    answer: { status: held.status, headers: held.headers, sealedBody: held.body },
  };
}

/** Stores the answer of the request that holds the claim. Does nothing when the claim was taken over. */
export async function rememberIdempotentAnswer(
  db: Database,
  claimed: { tenantId: string; key: string; claim: string },
  answer: StoredAnswer,
): Promise<void> {
  await db.sql`
    UPDATE idempotency_keys
       SET status = ${answer.status}, headers = ${JSON.stringify(answer.headers)}::text::jsonb,
           body = ${JSON.stringify(answer.sealedBody)}::text::jsonb
     WHERE tenant_id = ${claimed.tenantId} AND key = ${claimed.key}
       AND created_at = ${claimed.claim}::timestamptz AND status IS NULL`;
}

/** Gives the key free after a request that changed nothing, so that it may be tried again under the same key. */
export async function releaseIdempotencyKey(
  db: Database,
  claimed: { tenantId: string; key: string; claim: string },
): Promise<void> {
  await db.sql`
    DELETE FROM idempotency_keys
    WHERE tenant_id = ${claimed.tenantId} AND key = ${claimed.key}
      AND created_at = ${claimed.claim}::timestamptz AND status IS NULL`;
}

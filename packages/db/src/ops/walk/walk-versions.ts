import { storableText } from '@tidemark/core/json';
import type { InvalidRecord, StreamRecords } from '@tidemark/core/records';
import type postgres from 'postgres';
import { type ConversationsInput, lockConversations } from './distrust-records.ts';
import type { HeldVersion, RecordKey } from './held-versions.ts';

interface StoredVersion {
  stream: string;
  key: RecordKey;
  asOf: string;
  contentHash: string;
}

/** What a replayed conversation is to the one function that writes them: a version, without content. */
interface VersionOnly {
  sender_id: string;
  as_of: string | null;
  content_hash: string | null;
  events: {
    event_type: string;
    event_timestamp: string;
    message_id: string | null;
    as_of: string;
    content_hash: string;
  }[];
}

/**
 * Brings these records to the versions that earlier pages of this dry run would have left, inside the savepoint that will
 * be rolled back: what is written next meets the rows it would meet after those pages. Only the versions: which of
 * two wins depends on nothing else.
 *
 * What is held is set directly, because the one way in leaves a row alone that has the same content for a newer moment;
 * a row that became newer since, by a webhook, stays. What is not held yet is written that way, without content.
 *
 * Locks: the conversations, in the order of every writer. False: there was nothing to do.
 */
export async function replayVersions(
  tx: postgres.TransactionSql,
  walk: ConversationsInput & { syncId: string },
  records: readonly HeldVersion[],
): Promise<boolean> {
  const { pageId } = walk;
  const stored = await tx<StoredVersion[]>`
    SELECT v.stream, v.key, v.as_of::text AS "asOf", v.content_hash AS "contentHash"
    FROM jsonb_to_recordset(${JSON.stringify(records)}::text::jsonb) AS r(stream text, key jsonb)
    CROSS JOIN LATERAL (
      SELECT * FROM walk_versions v
      WHERE v.sync_id = ${walk.syncId} AND v.stream = r.stream
        AND v.key = ARRAY(SELECT jsonb_array_elements_text(r.key)) LIMIT 1
    ) AS v
    WHERE v.as_of IS NOT NULL`;
  if (stored.length === 0) return false;
  await lockConversations(tx, walk);
  const versions = JSON.stringify(stored);
  await tx`
    UPDATE messenger_conversations m SET as_of = v."asOf", content_hash = v."contentHash"
    FROM jsonb_to_recordset(${versions}::text::jsonb) AS v(
      stream text, key jsonb, "asOf" timestamptz(3), "contentHash" text
    )
    WHERE v.stream = 'conversations' AND m.page_id = ${pageId} AND m.sender_id = v.key ->> 1
      AND (v."asOf", v."contentHash" COLLATE "C") > (m.as_of, m.content_hash)`;
  await tx`
    UPDATE contact_interaction_events h SET as_of = changed."asOf", content_hash = changed."contentHash"
    FROM (
      SELECT held.id, v."asOf", v."contentHash"
      FROM jsonb_to_recordset(${versions}::text::jsonb) AS v(
        stream text, key jsonb, "asOf" timestamptz(3), "contentHash" text
      )
      JOIN messenger_conversations m ON m.page_id = ${pageId} AND m.sender_id = v.key ->> 1
      CROSS JOIN LATERAL (
        SELECT e.id FROM contact_interaction_events e
        WHERE e.conversation_id = m.id AND CASE
          WHEN jsonb_array_length(v.key) = 3 THEN e.message_id = v.key ->> 2
          ELSE e.message_id IS NULL AND e.event_type = v.key ->> 3
            AND e.event_timestamp = (v.key ->> 4)::timestamptz
        END
        LIMIT 1
      ) AS held
      WHERE v.stream = 'messages'
    ) AS changed
    WHERE h.id = changed.id AND (changed."asOf", changed."contentHash" COLLATE "C") > (h.as_of, h.content_hash)`;
  await tx`
    SELECT 1 FROM bulk_upsert_conversations_with_events(
      ${walk.connectionId}, ${pageId}, ${JSON.stringify(toInput(stored))}::text::jsonb)`;
  return true;
}

function toInput(versions: readonly StoredVersion[]): VersionOnly[] {
  const contacts = new Map<string, VersionOnly>();
  for (const { stream, key, asOf, contentHash } of versions) {
    const [, senderId = '', messageId = '', type = 'message', moment = 'epoch'] = key;
    const contact = contacts.get(senderId) ?? {
      sender_id: senderId,
      as_of: null,
      content_hash: null,
      events: [],
    };
    contacts.set(senderId, contact);
    if (stream === 'conversations') {
      // A conversation that was only named so far has no hash, and is only named again.
      contact.as_of = contentHash === '' ? null : asOf;
      contact.content_hash = contentHash === '' ? null : contentHash;
    } else {
      contact.events.push({
        event_type: type,
        event_timestamp: moment,
        message_id: key.length === 3 ? messageId : null,
        as_of: asOf,
        content_hash: contentHash,
      });
    }
  }
  return [...contacts.values()];
}

/** A version to be kept; null: it is only known that the source has the record. */
export interface RememberedVersion {
  stream: string;
  key: RecordKey;
  asOf: string | null;
  contentHash: string | null;
}

/** Keeps the versions that would be held after a page, for the pages that follow. */
export async function rememberVersions(
  tx: postgres.TransactionSql,
  syncId: string,
  versions: readonly RememberedVersion[],
): Promise<void> {
  if (versions.length === 0) return;
  await tx`
    INSERT INTO walk_versions AS held (sync_id, stream, key, as_of, content_hash)
    SELECT DISTINCT ON (v.stream, v.key)
           ${syncId}, v.stream, ARRAY(SELECT jsonb_array_elements_text(v.key)), v."asOf", v."contentHash"
    FROM jsonb_to_recordset(${JSON.stringify(versions)}::text::jsonb) AS v(
      stream text, key jsonb, "asOf" timestamptz, "contentHash" text
    )
    ORDER BY v.stream, v.key, v."asOf" DESC NULLS LAST
    ON CONFLICT (sync_id, stream, key) DO UPDATE
      SET as_of = excluded.as_of, content_hash = excluded.content_hash
      WHERE (held.as_of, held.content_hash) IS DISTINCT FROM (excluded.as_of, excluded.content_hash)`;
}

/**
 * What a record in quarantine is known by: the source has it, so that what is stored of it is not extra. An empty key
 * says that nobody knows which record it is.
 */
export function quarantinedVersions(invalid: readonly InvalidRecord[]): RememberedVersion[] {
  const keys = new Map<string, RememberedVersion>();
  for (const { stream, externalId } of invalid) {
    const key = externalId === null ? [] : [storableText(externalId).text];
    keys.set(`${stream} ${key[0] ?? ''}`, { stream, key, asOf: null, contentHash: null });
  }
  return [...keys.values()];
}

/** That the source has these records, by their ids. Of kinds with tables of their own others tell. */
export function plainVersions(records: readonly StreamRecords[]): RememberedVersion[] {
  const keys = new Map<string, RememberedVersion>();
  for (const group of records) {
    if (group.kind !== 'records') continue;
    for (const { externalId } of group.rows) {
      const { stream } = group;
      keys.set(`${stream} ${externalId}`, { stream, key: [externalId], asOf: null, contentHash: null });
    }
  }
  return [...keys.values()];
}

/** Forgets the versions and rows of walks nobody goes on with: they may be as many as the records of the source. */
export async function forgetVersions(tx: postgres.TransactionSql, connectionId: string): Promise<void> {
  await tx`
    DELETE FROM walk_versions v USING syncs s
    WHERE s.connection_id = ${connectionId} AND v.sync_id = s.id
      AND s.status IN ('completed', 'failed', 'cancelled')`;
  await tx`
    DELETE FROM walk_rows r USING syncs s
    WHERE s.connection_id = ${connectionId} AND r.sync_id = s.id
      AND s.status IN ('completed', 'failed', 'cancelled')`;
}

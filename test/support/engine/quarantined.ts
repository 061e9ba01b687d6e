import type { Database } from '@tidemark/db';
import type { Expected, OddRecord } from '@tidemark/sandbox';

/** A record in quarantine, reduced to what tells it from others. */
export interface QuarantinedRecord {
  stream: string;
  externalId: string | null;
  path: string;
  reason: string;
}

export async function readQuarantine(db: Database, connectionId: string): Promise<QuarantinedRecord[]> {
  const rows = await db.sql<QuarantinedRecord[]>`
    SELECT stream, external_id AS "externalId", path, reason FROM quarantine
    WHERE connection_id = ${connectionId} ORDER BY stream, external_id`;
  return rows.map((row) => ({ ...row }));
}

const NO_CONTACT = 'No participant is a contact: each is missing, without an id, or the Page itself.';

/** What of the ledger's odd records belongs into quarantine, and why; in the order of `readQuarantine`. */
export function expectedQuarantine(expected: Expected): QuarantinedRecord[] {
  const records = expected.odd.flatMap((odd) => quarantineOf(odd));
  const key = (record: QuarantinedRecord) => `${record.stream} ${record.externalId}`;
  return records.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function quarantineOf(odd: OddRecord): QuarantinedRecord[] {
  if (odd.kind === 'null-participant') {
    // The conversation is stored; the participant that is none is not.
    return [
      {
        stream: 'participants',
        externalId: odd.graphId,
        path: '/participants/0',
        reason: 'The participant has no id.',
      },
    ];
  }
  if (odd.outcome === 'stored') return [];
  if (odd.level === 'message') {
    return [{ stream: 'messages', externalId: odd.messageId, path: '/created_time', reason: 'is missing' }];
  }
  return [{ stream: 'conversations', externalId: odd.graphId, path: '/participants', reason: NO_CONTACT }];
}

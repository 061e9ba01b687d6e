import { type Database, openDatabase } from '@tidemark/db';
import { pipeline } from 'node:stream/promises';
import { Readable, Writable } from 'node:stream';

/** The tables a sync fills, and those their rows point to, in the order in which they can be written. */
const TABLES = ['tenants', 'connections', 'messenger_conversations', 'contact_interaction_events'] as const;
type TableName = (typeof TABLES)[number];

/** The rows of a database in PostgreSQL's copy format. */
export type ExportedRows = Readonly<Record<TableName, readonly Buffer[]>>;

/** Reads out what a sync stored, to be written again in another way. */
export async function exportRows(databaseUrl: string): Promise<ExportedRows> {
  const db = openDatabase({ url: databaseUrl, max: 1, applicationName: 'bench' });
  const rows: Record<TableName, Buffer[]> = {
    tenants: [],
    connections: [],
    messenger_conversations: [],
    contact_interaction_events: [],
  };
  for (const table of TABLES) {
    const chunks = rows[table];
    const keep = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        chunks.push(chunk);
        done();
      },
    });
    await pipeline(await db.sql`COPY ${db.sql(table)} TO STDOUT`.readable(), keep);
  }
  await db.close();
  return rows;
}

/** What a repeated row changes: all that can differ. */
const UPSERTS: Readonly<Partial<Record<TableName, string>>> = {
  messenger_conversations: `ON CONFLICT (page_id, sender_id) DO UPDATE
    SET graph_id = excluded.graph_id, sender_name = excluded.sender_name, last_message = excluded.last_message,
        last_message_time = excluded.last_message_time, message_count = excluded.message_count`,
  contact_interaction_events: `ON CONFLICT (conversation_id, message_id) WHERE message_id IS NOT NULL DO UPDATE
    SET text = excluded.text, metadata = excluded.metadata, event_timestamp = excluded.event_timestamp`,
};

/**
 * The fastest plain way into the same tables, with their keys and indexes: COPY into a temporary table, then one
 * upsert, all in one transaction. Returns the seconds it took.
 */
export async function writePlainly(databaseUrl: string, rows: ExportedRows): Promise<number> {
  const db = openDatabase({
    url: databaseUrl,
    max: 1,
    applicationName: 'bench',
    statementTimeoutMs: 600_000,
  });
  try {
    await db.sql`SELECT 1`;
    const startedAt = performance.now();
    await db.sql.begin(async (tx) => {
      for (const table of TABLES) await upsert(tx, table, rows[table]);
    });
    return (performance.now() - startedAt) / 1_000;
  } finally {
    await db.close();
  }
}

type Transaction = Parameters<Parameters<Database['sql']['begin']>[1]>[0];

async function upsert(tx: Transaction, table: TableName, chunks: readonly Buffer[]): Promise<void> {
  const staged = `staged_${table}`;
  await tx.unsafe(`CREATE TEMPORARY TABLE ${staged} (LIKE ${table}) ON COMMIT DROP`);
  await pipeline(Readable.from(chunks), await tx.unsafe(`COPY ${staged} FROM STDIN`).writable());
  await tx.unsafe(`INSERT INTO ${table} SELECT * FROM ${staged} ${UPSERTS[table] ?? ''}`);
}

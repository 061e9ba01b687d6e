import type { PoolDeclaration } from '@tidemark/core/connector';
import { SWEEP_SHARE_MAX } from '@tidemark/core/sync';
import type postgres from 'postgres';
import type { Database } from '../database.ts';
import { uniqueViolation } from '../database.ts';
import { linkPools } from './link-pools.ts';
import { lockAccounts } from './lock-account.ts';
import { wakeUnclaimed } from './wake-unclaimed.ts';

export interface NewConnection {
  tenantId: string;
  connector: string;
  name: string;
  config: unknown;
  /** The account behind the configuration. */
  accountId: string;
  conflictPolicy: string;
  /** Share of the stored records a sweep may delete unasked; left out, the default. */
  sweepMaxShare?: number | undefined;
  pools: readonly PoolDeclaration[];
  /** Seals the credentials for the id the connection gets; null when there are none. */
  seal(connectionId: string): string | null;
}

export type CreateConnectionOutcome =
  | { kind: 'created'; connectionId: string }
  /** The account is connected already. The id is null when the connection is another tenant's. */
  | { kind: 'exists'; connectionId: string | null };

const CREATE_ATTEMPTS_MAX = 3;

/**
 * Creates a connection with its rate limit pools, in one transaction. A connection of the same tenant to the
 * same account that was deleted without its rows comes back to life under its old id, so that the rows it left
 * behind belong to it again. Deliveries that came before it are due now.
 */
export async function createConnection(
  db: Database,
  connection: NewConnection,
): Promise<CreateConnectionOutcome> {
  // Two callers may both find no row; the unique index lets one of them insert, the other one looks again.
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.sql.begin((tx) => insertOrRevive(tx, connection));
    } catch (error) {
      if (uniqueViolation(error) !== 'connections_account' || attempt >= CREATE_ATTEMPTS_MAX) throw error;
    }
  }
}

async function insertOrRevive(
  tx: postgres.TransactionSql,
  connection: NewConnection,
): Promise<CreateConnectionOutcome> {
  await lockAccounts(tx, connection.connector, [connection.accountId], 'alone');
  const [held] = await tx<{ id: string; tenantId: string; deleted: boolean }[]>`
    SELECT id, tenant_id AS "tenantId", deleted_at IS NOT NULL AS deleted
    FROM connections
    WHERE connector = ${connection.connector} AND account_id = ${connection.accountId}
    FOR UPDATE`;
  if (held !== undefined && (!held.deleted || held.tenantId !== connection.tenantId)) {
    return { kind: 'exists', connectionId: held.tenantId === connection.tenantId ? held.id : null };
  }
  const connectionId =
    held === undefined ? await insert(tx, connection) : await revive(tx, held.id, connection);
  await linkPools(tx, connectionId, connection.pools);
  await wakeUnclaimed(tx, connection);
  return { kind: 'created', connectionId };
}

async function insert(tx: postgres.TransactionSql, connection: NewConnection): Promise<string> {
  const [made] = await tx<{ id: string }[]>`SELECT tidemark_uuidv7() AS id`;
  if (made === undefined) throw new Error('SELECT tidemark_uuidv7() returned no row.');
  await tx`
    INSERT INTO connections (id, tenant_id, connector, name, config, account_id, credentials, conflict_policy, sweep_max_share)
    VALUES (
      ${made.id}, ${connection.tenantId}, ${connection.connector}, ${connection.name},
      ${JSON.stringify(connection.config)}::text::jsonb, ${connection.accountId},
      ${connection.seal(made.id)}, ${connection.conflictPolicy}, ${connection.sweepMaxShare ?? SWEEP_SHARE_MAX}
    )`;
  return made.id;
}

async function revive(tx: postgres.TransactionSql, id: string, connection: NewConnection): Promise<string> {
  await tx`
    UPDATE connections
       SET name = ${connection.name}, config = ${JSON.stringify(connection.config)}::text::jsonb,
           credentials = ${connection.seal(id)}, conflict_policy = ${connection.conflictPolicy},
           sweep_max_share = ${connection.sweepMaxShare ?? SWEEP_SHARE_MAX},
           status = 'active', deleted_at = NULL, updated_at = clock_timestamp()
     WHERE id = ${id}`;
  return id;
}

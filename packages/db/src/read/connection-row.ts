import { CONFLICT_POLICIES, CONNECTION_STATUSES, type Connection } from '@tidemark/core/contracts';
import { sql } from 'drizzle-orm';
import { connections } from '../schema/index.ts';

/** The columns a connection is shown from. The credentials themselves are not among them. */
export const CONNECTION_COLUMNS = {
  id: connections.id,
  connector: connections.connector,
  name: connections.name,
  config: connections.config,
  accountId: connections.accountId,
  conflictPolicy: connections.conflictPolicy,
  sweepMaxShare: connections.sweepMaxShare,
  status: connections.status,
  hasCredentials: sql<boolean>`${connections.credentials} IS NOT NULL`,
  createdAt: connections.createdAt,
  updatedAt: connections.updatedAt,
};

export interface ConnectionRow {
  id: string;
  connector: string;
  name: string;
  config: unknown;
  accountId: string;
  conflictPolicy: string;
  sweepMaxShare: number;
  status: string;
  hasCredentials: boolean;
  createdAt: Date;
  updatedAt: Date;
}

export function toConnection(row: ConnectionRow): Connection {
  return {
    id: row.id,
    connector: row.connector,
    name: row.name,
    config: objectOf(row.config),
    conflictPolicy: CONFLICT_POLICIES.find((policy) => policy === row.conflictPolicy) ?? 'source_wins',
    sweepMaxShare: row.sweepMaxShare,
    status: CONNECTION_STATUSES.find((status) => status === row.status) ?? 'needs_reauth',
    hasCredentials: row.hasCredentials,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

function objectOf(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' ? Object.fromEntries(Object.entries(value)) : {};
}

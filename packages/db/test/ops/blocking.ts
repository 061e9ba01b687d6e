import { type Database, openDatabase } from '@tidemark/db';
import type postgres from 'postgres';
import { eventually } from '../../../../test/support/eventually.ts';
import type { Fixture } from './fixtures.ts';

/** Locks that a test holds, so that others come in the order it wants and not by chance. */
export interface Barrier {
  /** Lets them go; returns when they are gone. */
  lift(): Promise<void>;
  /** Lets them go by rolling back what was done under them; rejects with the error. */
  fail(error: Error): Promise<void>;
}

/** Takes locks in a transaction of its own, named `barrier`, and holds them until it is lifted. */
export async function barrier(
  db: Database,
  lock: (tx: postgres.TransactionSql) => PromiseLike<unknown>,
): Promise<Barrier> {
  const taken = Promise.withResolvers<void>();
  const lifted = Promise.withResolvers<void>();
  const transaction = db.sql
    .begin(async (tx) => {
      await tx`SET LOCAL application_name = 'barrier'`;
      await lock(tx);
      taken.resolve();
      await lifted.promise;
    })
    .then(() => undefined);
  await Promise.race([taken.promise, transaction]);
  return {
    lift: () => {
      lifted.resolve();
      return transaction;
    },
    fail: (error) => {
      lifted.reject(error);
      return transaction;
    },
  };
}

/** A connection of its own whose name tells who waits for whom. */
export function namedDatabase(fixture: Fixture, name: string): Database {
  return openDatabase({ url: fixture.url, max: 1, applicationName: name });
}

/** Returns once a session of this name waits for a lock that one of the other name holds or will get first. */
export async function waitsFor(db: Database, waiter: string, holder: string): Promise<void> {
  await eventually(async () => {
    const waiting = await db.sql`
      SELECT 1 FROM pg_stat_activity w JOIN pg_stat_activity h ON h.pid = ANY (pg_blocking_pids(w.pid))
      WHERE w.datname = current_database() AND w.application_name = ${waiter} AND h.application_name = ${holder}`;
    if (waiting.length === 0) throw new Error(`${waiter} does not wait for ${holder}`);
  });
}

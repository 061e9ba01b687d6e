import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deleteConnection } from '@tidemark/db';
import { eventually } from '../../../../test/support/eventually.ts';
import { addConnection, type Fixture, openFixture } from './fixtures.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(() => fixture.close());

describe('deleting a connection', () => {
  test.each([false, true])(
    'sees a sync that is being started at the same time (purge: %s)',
    async (purge) => {
      const { db } = fixture;
      const connectionId = await addConnection(db, `delete-${purge}`);
      const [connection] = await db.sql`SELECT tenant_id FROM connections WHERE id = ${connectionId}`;
      const target = { tenantId: connection?.tenant_id, connectionId, purge };
      let deletion: ReturnType<typeof deleteConnection> | undefined;
      const syncId = await db.sql.begin(async (tx) => {
        const [sync] = await tx`
        INSERT INTO syncs (connection_id, mode, trigger, status_cause)
        VALUES (${connectionId}, 'full', 'api', 'test') RETURNING id`;
        deletion = deleteConnection(db, target);
        // Not committed before the deletion waits for it.
        await eventually(async () => {
          const waiting = await db.sql`
          SELECT 1 FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%connections%'`;
          expect(waiting).toHaveLength(1);
        });
        return sync?.id;
      });
      expect(await deletion).toEqual({ kind: 'busy', activeSyncId: syncId });
      expect(await db.sql`SELECT 1 FROM syncs WHERE id = ${syncId}`).toHaveLength(1);
    },
  );
});

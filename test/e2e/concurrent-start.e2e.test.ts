/**
 * `pg` loads its pool with require, and must not be given the module that is meant for import.
 *
 * @jest-environment-options {"customExportConditions": ["source", "node"]}
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Database, openDatabase } from '@tidemark/db';
import {
  ADMIN_KEY,
  type ApiAnswer,
  type ApiClient,
  apiClient,
  expectAnswer,
} from '../support/engine/api-client.ts';
import { BACKENDS, startServices, type TestServices } from '../support/engine/backends.ts';
import { engineVariables } from '../support/engine/settings.ts';
import { eventually } from '../support/eventually.ts';
import { startProgram } from '../support/processes.ts';

const STARTS = 50;

describe.each(BACKENDS)('two API processes on one database, the queue in %s', (backend) => {
  let services: TestServices;
  let db: Database;
  let clients: [ApiClient, ApiClient];

  beforeAll(async () => {
    services = await startServices(backend);
    db = openDatabase({ url: services.databaseUrl, max: 1, applicationName: 'observer' });
    clients = await Promise.all([startApiProcess(), startApiProcess()]);
  });
  afterAll(async () => {
    await db.close();
  });

  async function startApiProcess(): Promise<ApiClient> {
    const program = await startProgram('apps/api/src/main.ts', {
      env: engineVariables(
        { ...services, graphUrl: 'http://127.0.0.1:9' },
        { PORT: '0', TIDEMARK_ADMIN_KEY: ADMIN_KEY },
      ),
    });
    const line = await program.waitForLine(/Server listening at/);
    const client = apiClient(/http:\/\/[\d.:]+/.exec(line)?.[0] ?? '');
    await eventually(() => expectAnswer(client, 200, 'GET', '/readyz'));
    return client;
  }

  async function connect(pageId: string): Promise<string> {
    const connection = await expectAnswer(clients[0], 201, 'POST', '/v1/connections', {
      connector: 'messenger',
      name: `Page ${pageId}`,
      config: { pageId },
      credentials: { accessToken: 'a token nobody uses' },
    });
    return String(connection.id);
  }

  test.each([1, 2, 3])(
    'E5 of 50 concurrent starts one wins, and 49 are told its id (round %i)',
    async (round) => {
      const connectionId = await connect(`10000000000000${round}`);
      const path = `/v1/connections/${connectionId}/syncs`;
      const answers = await Promise.all(
        Array.from({ length: STARTS }, (_, index) => clients[index % 2 === 0 ? 0 : 1].call('POST', path, {})),
      );
      const winners = answers.filter(({ status }) => status === 202);
      const losers = answers.filter(({ status }) => status === 409);
      expect(tally(answers)).toEqual({ '202': 1, '409': STARTS - 1 });
      const syncId = winners[0]?.body.id;
      expect(typeof syncId).toBe('string');
      expect(new Set(losers.map(({ body }) => body.activeSyncId))).toEqual(new Set([syncId]));
      expect(new Set(losers.map(({ body }) => body.code))).toEqual(new Set(['sync_in_progress']));

      const rows = await db.sql<{ id: string }[]>`SELECT id FROM syncs WHERE connection_id = ${connectionId}`;
      expect(rows.map(({ id }) => id)).toEqual([syncId]);
      // What a busy queue did not take in time is in the outbox, and there is no worker here to bring it.
      const queues = await eventually(() => expectAnswer(clients[1], 200, 'GET', '/v1/queues'));
      const outbox = await db.sql`SELECT 1 FROM outbox`;
      expect(waitingSyncs(queues) + outbox.length).toBe(round);
    },
  );
});

function tally(answers: readonly ApiAnswer[]): Record<string, number> {
  const byStatus = Map.groupBy(answers, ({ status }) => String(status));
  return Object.fromEntries([...byStatus].map(([status, group]) => [status, group.length]));
}

/** Jobs that wait in the queue of syncs: nothing takes them here. */
function waitingSyncs(body: Record<string, unknown>): number {
  const { queues } = body as { queues: { queue: string; waiting: number }[] };
  return queues.find(({ queue }) => queue === 'sync')?.waiting ?? 0;
}

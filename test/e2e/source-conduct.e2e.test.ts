/**
 * `pg` loads its pool with require, and must not be given the module that is meant for import.
 *
 * @jest-environment-options {"customExportConditions": ["source", "node"]}
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { slowdownOf } from '@tidemark/core/limits';
import { readValidation } from '@tidemark/db';
import { openStage, type Stage } from '../support/engine/stage.ts';

const EVER = { since: '2000-01-01', until: '2999-01-01' };
const APP_POOL = 'messenger:app';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage('postgres');
});
afterAll(() => stage.close());

/** The pool as a page that is taken up now would see it. */
async function pool() {
  const [row] = await stage.engine.db.sql<{ recentMs: number; usualMs: number }[]>`
    SELECT response_ms AS "recentMs", usual_response_ms AS "usualMs" FROM limit_pools WHERE pool = ${APP_POOL}`;
  if (row === undefined) throw new Error('there is no pool');
  return { ...row, factor: slowdownOf({ usedShare: null, responses: row }).factor };
}

function seen(recentMs: number, usualMs: number) {
  return stage.engine.db.sql`
    UPDATE limit_pools SET response_ms = ${recentMs}, usual_response_ms = ${usualMs}, response_at = clock_timestamp()
    WHERE pool = ${APP_POOL}`;
}

describe('the conduct of a source', () => {
  test('E19: calls are spaced wider while it answers slowly, and as before when it is quick again', async () => {
    const { engine, source } = stage;
    const slow = await stage.addPage({ conversations: 3, messages: 3, connect: { pageSize: 1 } });
    await seen(250, 250);
    source.faults.add({ fault: { type: 'latency', ms: 1_500 }, when: { pageId: slow.pageId } });
    await engine.completed(await engine.startSync(slow.connectionId));
    expect((await pool()).factor).toBeGreaterThan(1.5);

    const quick = await stage.addPage({ conversations: 16, messages: 16, connect: { pageSize: 1 } });
    await seen(20_000, 2_000);
    expect((await pool()).factor).toBe(4);
    await engine.completed(await engine.startSync(quick.connectionId));
    expect((await pool()).factor).toBe(1);
  });

  test('E27: what its schemas saw adds up with what was synced, odd records included', async () => {
    const { engine } = stage;
    const { connectionId } = await stage.addPage({ conversations: 40, messages: 300, odd: true });
    const syncId = await engine.startSync(connectionId);
    await engine.completed(syncId);
    const { schemas } = await readValidation(engine.db, { connectionId, ...EVER });
    const results = await engine.db.sql<{ stream: string; read: number; quarantined: number }[]>`
      SELECT stream, records_read AS read, records_quarantined AS quarantined FROM sync_results
      WHERE sync_id = ${syncId} ORDER BY stream`;
    const records = schemas.filter(({ kind }) => kind === 'record');
    expect(
      records.map(({ schema, passed, repaired, quarantined }) => [
        schema,
        passed + repaired + quarantined,
        quarantined,
      ]),
    ).toEqual(results.map(({ stream, read, quarantined }) => [stream, read, quarantined]));
    expect(records.find(({ schema }) => schema === 'conversations')?.repaired).toBeGreaterThanOrEqual(3);
    const { seq } = await engine.sync(syncId);
    const responses = schemas.filter(({ kind }) => kind === 'response');
    expect(responses.reduce((sum, { passed, repaired }) => sum + passed + repaired, 0)).toBe(seq);
  });

  test('E27: an answer nobody can read is counted when its page is set aside', async () => {
    const { engine, source } = stage;
    const connect = { messagesPerConversation: 100 };
    const spec = { conversations: 3, messages: 500, longThreads: 1, connect };
    const { pageId, connectionId } = await stage.addPage(spec);
    source.faults.add({
      fault: {
        type: 'raw',
        body: '{"data": "none"}',
        status: 200,
        contentType: 'application/json',
        headers: {},
      },
      when: { pageId, edge: 'messages', cursor: 'later' },
    });
    const sync = await engine.completed(await engine.startSync(connectionId), 60_000);
    expect(sync.partial).toBe(true);
    const { schemas } = await readValidation(engine.db, { connectionId, ...EVER });
    const refused = schemas.filter(({ kind }) => kind === 'response').map(({ quarantined }) => quarantined);
    expect(refused.reduce((sum, count) => sum + count, 0)).toBe(sync.failedPages);
  });
});

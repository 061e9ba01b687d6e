/**
 * `pg` loads its pool with require, and must not be given the module that is meant for import.
 *
 * @jest-environment-options {"customExportConditions": ["source", "node"]}
 */
import { afterEach, describe, expect, test } from '@jest/globals';
import { BACKENDS } from '../support/engine/backends.ts';
import { openScene } from '../support/engine/scene.ts';
import { countReadAgain } from '../support/engine/served-calls.ts';
import { startWorkerProcess } from '../support/engine/worker-process.ts';
import { startPostgresServer } from '../support/postgres-server.ts';
import { QUICK_RECOVERY } from '../support/engine/settings.ts';
import { startProgram } from '../support/processes.ts';
import { startRedis } from '../support/redis.ts';

const PAGE = {
  conversations: 40,
  messages: 700,
  longThreads: 0,
  connect: { pageSize: 5, messagesPerConversation: 10 },
};

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

describe.each(BACKENDS)('PostgreSQL restarted, the queue in %s', (backend) => {
  test('E4 a sync goes on from what was committed, and no attempt is spent', async () => {
    const server = await startPostgresServer();
    const redis = backend === 'redis' ? await startRedis() : undefined;
    closing.push(server.stop, async () => redis?.kill());
    const services = { databaseUrl: server.url, ...(redis === undefined ? {} : { redisUrl: redis.url }) };
    const scene = await openScene(services, { source: { latency: { ms: 15 } } });
    closing.push(scene.close);
    const page = await scene.addPage(PAGE);
    const options = { variables: QUICK_RECOVERY };
    const worker = await startWorkerProcess(startProgram, scene.engine.addresses, options);
    closing.push(worker.kill);

    const syncId = await scene.engine.startSync(page.connectionId);
    const restarts = ['immediate', 'fast', 'immediate'] as const;
    for (const [index, mode] of restarts.entries()) {
      await scene.engine.reachedPage(syncId, 8 * (index + 1));
      await server.restart(mode);
    }
    await scene.engine.completed(syncId);
    expect(await scene.problemsOf(page, syncId)).toEqual([]);
    expect(countReadAgain(scene.source.ledger.calls())).toBeLessThanOrEqual(restarts.length);
    const spent = worker.lines.filter((line) => /page\.(retrying|broken|setAside)/.test(line));
    expect(spent).toEqual([]);
  });
});

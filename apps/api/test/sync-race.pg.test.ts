import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDatabase } from '@tidemark/db';
import { connectShop, type Harness, openHarness } from './harness.ts';

let api: Harness;
beforeAll(async () => {
  api = await openHarness();
});
afterAll(() => api.close());

test('E5 of fifty starts at once over two API processes one gets 202, the others 409 with its id', async () => {
  const db = openDatabase({ url: api.url, max: 10, applicationName: 'second' });
  const second = api.another({ db });
  for (let round = 1; round <= 3; round += 1) {
    const connectionId = await connectShop(api);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        api.ask('POST', `/v1/connections/${connectionId}/syncs`, { app: index % 2 === 0 ? api.app : second }),
      ),
    );
    const started = answers.filter((answer) => answer.statusCode === 202);
    const refused = answers.filter((answer) => answer.statusCode === 409);
    expect([started.length, refused.length]).toEqual([1, 49]);
    const ids = new Set(refused.map((answer) => answer.json().activeSyncId));
    expect(ids).toEqual(new Set([started[0]?.json().id]));
  }
  await second.close();
  await db.close();
});

test('E5 a deletion and starts at once never leave a live sync of a deleted connection behind', async () => {
  for (let round = 1; round <= 10; round += 1) {
    const id = await connectShop(api);
    const answers = await Promise.all([
      api.ask('POST', `/v1/connections/${id}/syncs`),
      api.ask('DELETE', `/v1/connections/${id}?purge=true`),
      api.ask('POST', `/v1/connections/${id}/syncs`),
    ]);
    for (const answer of answers) expect([202, 204, 404, 409]).toContain(answer.statusCode);
    // A sync that was promised is there: the connection was not deleted under it.
    const statuses = answers.map((answer) => answer.statusCode);
    expect(statuses.includes(202) && statuses.includes(204)).toBe(false);
    const isDeleted = (await api.ask('GET', `/v1/connections/${id}`)).statusCode === 404;
    const live = await api.db.sql`SELECT 1 FROM syncs WHERE connection_id = ${id}`;
    expect(live).toHaveLength(isDeleted ? 0 : 1);
  }
});

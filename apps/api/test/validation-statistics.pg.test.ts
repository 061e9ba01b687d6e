import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readingOf } from '@tidemark/core/validation';
import { recordValidation } from '@tidemark/db';
import { connectShop, type Harness, openHarness } from './harness.ts';

let api: Harness;
let connectionId: string;
beforeAll(async () => {
  api = await openHarness();
  connectionId = await connectShop(api);
  const readings = [
    readingOf('record', 'orders', [[], ['/total']], 1),
    readingOf('response', 'orders', [[]]),
  ];
  await api.db.sql.begin((tx) => recordValidation(tx, connectionId, readings));
});
afterAll(() => api.close());

describe('/v1/connections/:id/validation', () => {
  test('E27: tells what passed, was repaired, was quarantined, by schema and day', async () => {
    const answer = await api.ask('GET', `/v1/connections/${connectionId}/validation`);
    expect(answer.statusCode).toBe(200);
    const orders = { passed: 1, repaired: 1, quarantined: 1, fallbacks: { '/total': 1 } };
    expect(answer.json()).toMatchObject({
      connectionId,
      schemas: [
        { kind: 'record', schema: 'orders', ...orders },
        { kind: 'response', schema: 'orders', passed: 1, repaired: 0 },
      ],
      byDay: [{ kind: 'record', ...orders }, { kind: 'response' }],
    });
  });

  test('is of the days asked for', async () => {
    const path = `/v1/connections/${connectionId}/validation?since=2021-01-01&until=2021-01-31`;
    expect((await api.ask('GET', path)).json()).toEqual({
      connectionId,
      since: '2021-01-01',
      until: '2021-01-31',
      schemas: [],
      byDay: [],
    });
  });

  test.each([
    ['since=2021-01-02&until=2021-01-01', 'after'],
    ['since=2000-01-01&until=2021-01-01', '400 days'],
    ['since=yesterday', 'a day'],
  ])('refuses %s', async (query, remedy) => {
    const answer = await api.ask('GET', `/v1/connections/${connectionId}/validation?${query}`);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'invalid_query']);
    expect(answer.json().detail).toContain(remedy);
  });

  test('is seen by its own tenant only', async () => {
    const key = await api.newKey(['admin'], await api.newTenant('stranger'));
    expect((await api.ask('GET', `/v1/connections/${connectionId}/validation`, { key })).statusCode).toBe(
      404,
    );
  });
});

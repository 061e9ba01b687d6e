import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Harness, openHarness } from './harness.ts';

let api: Harness;
let connectionId: string;
let conversationId: string;
beforeAll(async () => {
  api = await openHarness();
  const [connection] = await api.db.sql<{ id: string }[]>`
    INSERT INTO connections (tenant_id, connector, name, config, account_id)
    VALUES (${api.tenantId}, 'messenger', 'test', '{}', '1') RETURNING id`;
  connectionId = connection?.id ?? '';
  const event = {
    event_type: 'message',
    event_timestamp: '2022-03-28T09:00:00Z',
    message_id: 'm',
    direction: 'in',
  };
  const record = JSON.stringify({ sender_id: 'a', events: [event] });
  const [row] = await api.db.sql<{ id: string }[]>`
    SELECT conversation_id AS id FROM upsert_conversation_with_events(${connectionId}, '1', ${record}::text::jsonb)`;
  conversationId = row?.id ?? '';
});
afterAll(() => api.close());

describe('M21 GET …/timing', () => {
  test('messages by hour of the week, in UTC unless another zone is asked for', async () => {
    for (const url of [
      `/v1/conversations/${conversationId}/timing`,
      `/v1/connections/${connectionId}/timing`,
    ]) {
      const utc = (await api.ask('GET', url)).json();
      expect(utc).toMatchObject({ timezone: 'UTC', received: 1, sent: 0 });
      expect(utc.hours[9]).toEqual({ hourOfWeek: 9, received: 1, sent: 0 });
      const berlin = (await api.ask('GET', `${url}?timezone=Europe/Berlin`)).json();
      expect(berlin.hours[11]).toEqual({ hourOfWeek: 11, received: 1, sent: 0 });
    }
  });

  test.each(['Mars/Olympus', '%2B02:00', ''])('400 for what is no time zone: "%s"', async (timezone) => {
    const answer = await api.ask('GET', `/v1/connections/${connectionId}/timing?timezone=${timezone}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'invalid_query', errors: [{ pointer: 'timezone' }] });
  });

  test('404 for another tenant', async () => {
    const key = await api.newKey(['data:read'], await api.newTenant('other'));
    for (const url of [
      `/v1/conversations/${conversationId}/timing`,
      `/v1/connections/${connectionId}/timing`,
    ]) {
      expect((await api.ask('GET', url, { key })).statusCode).toBe(404);
    }
  });
});

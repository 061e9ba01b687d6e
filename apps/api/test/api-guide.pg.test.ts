import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connectorRegistry } from '@tidemark/connectors';
import { type Harness, moveSync, openHarness } from './harness.ts';
import { quarantine, writeConversation } from './stored-records.ts';

let api: Harness;
let url: string;
beforeAll(async () => {
  api = await openHarness({
    connectors: connectorRegistry({ graphUrl: 'http://127.0.0.1:9', graphVersion: 'v26.0' }),
  });
  url = await api.app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => api.close());

/** The words of a shell command, with its variables filled in. Knows what the guide uses, and no more. */
function wordsOf(command: string, variables: Record<string, string>): string[] {
  const words = command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g);
  return [...words].map(([, single, double, bare]) => {
    if (single !== undefined) return single;
    return (double ?? bare ?? '').replaceAll(
      /\$([A-Z]+)/g,
      (_, name: string) => variables[name] ?? `no ${name}`,
    );
  });
}

/** What curl would send. */
function requestOf(words: readonly string[]): { address: string; init: RequestInit } {
  const headers: Record<string, string> = {};
  const init: RequestInit = { headers };
  let address = '';
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at];
    const next = words[at + 1] ?? '';
    if (word === '-N') continue;
    if (word === '-X') init.method = next;
    else if (word === '-d') init.body = next;
    else if (word === '-H') headers[next.slice(0, next.indexOf(':'))] = next.slice(next.indexOf(':') + 2);
    else if (word?.startsWith('http') === true) address = word;
    else throw new Error(`the guide uses ${word}, which this test does not know`);
    if (word !== address) at += 1;
  }
  return { address, init };
}

/** In examples that need the connection's last sync to be over. */
const ENDS_A_SYNC = ['/events', 'Idempotency-Key', '"options"'];

test('the examples of docs/api.md work, in their order', async () => {
  const guide = await readFile(fileURLToPath(new URL('../../../docs/api.md', import.meta.url)), 'utf8');
  const commands = [...guide.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block]) =>
    (block ?? '').replaceAll('\\\n', ' ').trim().split('\n'),
  );
  expect(commands.length).toBeGreaterThan(10);
  const variables: Record<string, string> = { URL: url, KEY: api.admin };
  for (const command of commands) {
    // A stream ends with its sync; a connection takes one sync at a time.
    if (ENDS_A_SYNC.some((part) => command.includes(part))) await endSync(variables);
    const { address, init } = requestOf(wordsOf(command, variables));
    const response = await fetch(address, init);
    const body = await response.text();
    expect([command, response.ok, body]).toEqual([command, true, body]);
    if (
      command.endsWith('"Content-Type: application/json" -d \'{"mode": "incremental", "priority": "high"}\'')
    ) {
      variables.SYNC = JSON.parse(body).id;
    }
    if (command.startsWith('curl -X POST "$URL/v1/automation-rules"')) variables.RULE = JSON.parse(body).id;
    if (command.includes('"connector"')) {
      const connectionId: string = JSON.parse(body).id;
      Object.assign(variables, { CONNECTION: connectionId }, await storeRecords(connectionId));
    }
  }
});

/** What the guide edits, resolves and replays, as syncs would have left it. */
async function storeRecords(connectionId: string): Promise<Record<string, string>> {
  await api.ask('PATCH', `/v1/connections/${connectionId}`, { body: { conflictPolicy: 'manual' } });
  const source = (day: number, contact: string) =>
    writeConversation(api.db, connectionId, day, { contact, status: `status ${day}` });
  for (const day of [1, 2]) await source(day, 'edited');
  const conversation = await source(3, 'edited');

  const disputed = await source(1, 'disputed');
  const headers = { 'if-match': '"1"' };
  const body = { senderName: 'Anna', conversationStatus: 'done' };
  await api.ask('PATCH', `/v1/conversations/${disputed}`, { body, headers });
  await source(2, 'disputed');
  const [conflict] = (await api.ask('GET', `/v1/conflicts?connectionId=${connectionId}`)).json().data;

  const raw = { id: 'm', created_time: '2024-01-05T10:00:00+0000', message: 'hello' };
  const record = await quarantine(api.db, connectionId, { raw, parentId: '77' });
  const other = await quarantine(api.db, connectionId, { raw: {} });
  return { CONVERSATION: conversation, CONFLICT: conflict.id, RECORD: record, OTHER: other };
}

async function endSync(variables: Record<string, string>): Promise<void> {
  const { data } = (await api.ask('GET', `/v1/syncs?connectionId=${variables.CONNECTION}`)).json();
  for (const { id, status } of data) if (status === 'queued') await moveSync(api.db, id, 'cancelled');
}

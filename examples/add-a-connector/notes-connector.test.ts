import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  AcceptanceError,
  type AcceptanceSource,
  acceptanceChecks,
  PLANTED_FAULTS,
} from '@tidemark/core/connector';
import { notesConnector } from './notes-connector.ts';

/** The source, played over HTTP: nine notes, two to a page, those that changed after `since`. */
const NOTES = Array.from({ length: 9 }, (_, index) => {
  return { id: `n${index}`, text: `note ${index}`, changedAt: `2026-01-0${index + 1}T00:00:00Z` };
});
const server: Server = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? '', 'http://source');
  const since = searchParams.get('since') ?? '';
  const page = Number(searchParams.get('page'));
  const left = NOTES.filter(({ changedAt }) => changedAt > since).slice(page * 2);
  response.end(JSON.stringify({ notes: left.slice(0, 2), nextPage: left.length > 2 ? page + 1 : null }));
});

let connector: ReturnType<typeof notesConnector>;
const source: AcceptanceSource = {
  config: { account: 'ada' },
  credentials: { token: 'T' },
  expectedKeys: new Set(NOTES.map(({ id }) => `notes ${id}`)),
  io: (signal) => ({
    fetch: async ({ url, headers = {} }) => {
      const response = await fetch(url, { headers, signal });
      return { status: response.status, headers: {}, body: await response.text(), answeredAtMs: 0 };
    },
  }),
};

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  connector = notesConnector({ url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}` });
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

test('the example passes the acceptance suite of the engine', async () => {
  for (const check of acceptanceChecks(connector, source)) await check.run();
});

test.each(PLANTED_FAULTS)('the suite finds that it $name', async ({ plant, foundBy }) => {
  const check = acceptanceChecks(plant(connector, source), source).find(({ name }) => name === foundBy);
  await expect(check?.run()).rejects.toBeInstanceOf(AcceptanceError);
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  AcceptanceError,
  type AcceptanceSource,
  type AnyConnector,
  type AnyStream,
  acceptanceChecks,
  PLANTED_FAULTS,
  type SourceAnswer,
} from '@tidemark/core/connector';
import { messengerConnector } from '@tidemark/connectors';
import { type GraphSimulator, startGraphSimulator } from '@tidemark/sandbox';

const PAGE_ID = '100000000000001';
let simulator: GraphSimulator;
let connector: AnyConnector;
let source: AcceptanceSource;

beforeAll(async () => {
  simulator = await startGraphSimulator({
    seed: 11,
    pages: [{ pageId: PAGE_ID, accessToken: 'TOKEN', conversations: 60, messages: 1_500, longThreads: 2 }],
  });
  connector = messengerConnector({ graphUrl: simulator.url, graphVersion: 'v26.0' });
  const { conversations } = simulator.ledger.expected(PAGE_ID);
  const keys = conversations.flatMap((conversation) => [
    `conversations ${PAGE_ID} ${conversation.contactId}`,
    ...conversation.messages.map((message) => `messages ${message.id}`),
  ]);
  source = {
    config: connector.config.parse({ pageId: PAGE_ID, pageSize: 7, messagesPerConversation: 9 }),
    credentials: { accessToken: 'TOKEN' },
    expectedKeys: new Set(keys),
    io: (signal) => ({
      fetch: async ({ url, headers }): Promise<SourceAnswer> => {
        const response = await fetch(url, { headers: headers ?? {}, signal });
        const body = await response.text();
        return {
          status: response.status,
          headers: Object.fromEntries(response.headers),
          body,
          answeredAtMs: 0,
        };
      },
    }),
  };
});
afterAll(() => simulator.close());

describe('the messenger connector', () => {
  // The checks exist before the source does, so they are looked up by name.
  const placeholder = { streams: [] as readonly AnyStream[] } as AnyConnector;
  const names = acceptanceChecks(placeholder, {} as AcceptanceSource).map((check) => check.name);

  test.each(names)('%s', async (name) => {
    await acceptanceChecks(connector, source)
      .find((check) => check.name === name)
      ?.run();
  });
});

/** The connector with its `fetchPage` replaced: what a faulty one would do. */
function faulty(change: (stream: AnyStream) => AnyStream['fetchPage']): AnyConnector {
  const streams = connector.streams.map((stream) => ({ ...stream, fetchPage: change(stream) }));
  return { ...connector, streams };
}

async function verdict(candidate: AnyConnector, name: string): Promise<unknown> {
  const check = acceptanceChecks(candidate, source).find((one) => one.name === name);
  return check?.run().then(
    () => 'accepted',
    (error: unknown) => error,
  );
}

describe('the suite finds a connector that', () => {
  test.each(PLANTED_FAULTS)('$name', async ({ plant, foundBy }) => {
    expect(await verdict(plant(connector, source), foundBy)).toBeInstanceOf(AcceptanceError);
  });

  test('makes several calls for a page', async () => {
    const greedy = faulty((stream) => async (context) => {
      await stream.fetchPage(context);
      return stream.fetchPage(context);
    });
    expect(await verdict(greedy, 'makes at most one call for a page')).toBeInstanceOf(AcceptanceError);
  });

  test('hashes what is not content', async () => {
    let salt = 0;
    const unstable = faulty((stream) => async (context) => {
      const page = await stream.fetchPage(context);
      salt += 1;
      const rows = page.records.flatMap((group) =>
        group.kind === 'conversations' ? group.rows.map((row) => ({ ...row, contentHash: `${salt}` })) : [],
      );
      return { ...page, records: [{ kind: 'conversations' as const, rows }] };
    });
    expect(await verdict(unstable, 'reads the same content the same way twice')).toBeInstanceOf(
      AcceptanceError,
    );
  });

  test('counts what it did not bring', async () => {
    const boasting = faulty((stream) => async (context) => {
      const page = await stream.fetchPage(context);
      const [first, ...others] = page.validation ?? [];
      const more =
        first === undefined ? [] : [{ ...first, kind: 'record' as const, passed: first.passed + 1 }];
      return { ...page, validation: [...more, ...others] };
    });
    const name = 'tells of its schemas what its records say';
    expect(await verdict(boasting, name)).toBeInstanceOf(AcceptanceError);
    const silent = faulty((stream) => async (context) => {
      const { validation: _, ...page } = await stream.fetchPage(context);
      return page;
    });
    expect(await verdict(silent, name)).toBe('accepted');
  });
});

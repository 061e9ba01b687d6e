import { connectorRegistry } from '@tidemark/connectors';
import { type AnyStream, memoryPositions, type Page } from '@tidemark/core/connector';
import type { PageToConnect } from '../../test/support/engine/engine.ts';

/** A page as the connector reads it: records, and where to go on. */
export type WalkedPage = Page<unknown, unknown>;

/**
 * Walks a Page of the simulator from its top to its end through the connector, as the worker does but without any of
 * its machinery, and hands over each page. With `until` it stops when that says so.
 */
export async function walkSource(
  graphUrl: string,
  page: PageToConnect,
  onPage: (page: WalkedPage, checkpoint: unknown) => boolean | undefined,
): Promise<number> {
  const connector = connectorRegistry({ graphUrl, graphVersion: 'v26.0' }).get('messenger');
  const stream: AnyStream | undefined = connector?.streams[0];
  if (connector === undefined || stream === undefined) throw new Error('there is no messenger connector');
  const { pageId, accessToken, pageSize, messagesPerConversation } = page;
  const config = connector.config.parse({ pageId, pageSize, messagesPerConversation });
  const { signal } = new AbortController();
  let checkpoint: unknown = stream.start({ config, watermark: null });
  let calls = 0;
  while (checkpoint !== null) {
    calls += 1;
    const walked = await stream.fetchPage({
      config,
      credentials: { accessToken },
      checkpoint,
      io: IO,
      positions: memoryPositions(new Map()),
      signal,
    });
    if (onPage(walked, checkpoint) === false) return calls;
    checkpoint = walked.next;
  }
  return calls;
}

const IO = {
  fetch: async (request: { url: string; headers?: Readonly<Record<string, string>> }) => {
    const response = await fetch(request.url, { headers: request.headers ?? {} });
    const body = await response.text();
    const headers = Object.fromEntries(response.headers);
    return { status: response.status, headers, body, answeredAtMs: Date.now() };
  },
};

import { EventStreamParser } from '../../../packages/client/src/event-stream.ts';

export interface ReadEvent {
  id: bigint;
  event: string;
  data: Record<string, unknown>;
}

export interface OpenStream {
  status: number;
  headers: Headers;
  /** What came so far, comments and all. */
  text(): string;
  /** Reads until the condition holds for an event, or the stream ends; returns all events so far. */
  until(condition: (event: ReadEvent, index: number) => boolean): Promise<ReadEvent[]>;
  /** Reads to the end. */
  rest(): Promise<ReadEvent[]>;
  leave(): void;
}

/** Opens the event stream of a sync over a real connection. */
export async function openStream(
  url: string,
  syncId: string,
  key: string,
  lastEventId?: string | bigint,
  requestId?: string,
): Promise<OpenStream> {
  const abort = new AbortController();
  const response = await fetch(`${url}/v1/syncs/${syncId}/events`, {
    headers: {
      authorization: `Bearer ${key}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }),
      ...(requestId === undefined ? {} : { 'x-request-id': requestId }),
    },
    signal: abort.signal,
  });
  const parser = new EventStreamParser();
  const decoder = new TextDecoder();
  const events: ReadEvent[] = [];
  let text = '';
  const chunks = response.body?.[Symbol.asyncIterator]();

  async function readOn(): Promise<boolean> {
    const next = await chunks?.next();
    if (next === undefined || next.done === true) return false;
    const chunk = decoder.decode(next.value, { stream: true });
    text += chunk;
    for (const { id, event, data } of parser.push(chunk))
      events.push({ id: BigInt(id), event, data: JSON.parse(data) });
    return true;
  }

  return {
    status: response.status,
    headers: response.headers,
    text: () => text,
    until: async (condition) => {
      while (!events.some(condition)) if (!(await readOn())) break;
      return [...events];
    },
    rest: async () => {
      while (await readOn());
      return [...events];
    },
    leave: () => abort.abort(),
  };
}

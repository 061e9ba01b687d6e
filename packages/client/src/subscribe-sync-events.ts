import { EventStreamParser, type RawEvent } from './event-stream.ts';
import type { components } from './generated/api.ts';

type Schemas = components['schemas'];
type Status = Schemas['Sync']['status'];

/** What a sync did, in the order it did it. `id` is what to come back with. */
export type SyncEvent =
  | { id: string; type: 'progress' | 'done'; data: Schemas['Sync'] }
  | {
      id: string;
      type: 'transition';
      data: { syncId: string; from: Status | null; to: Status; cause: string; worker: string | null };
    }
  | {
      id: string;
      type: 'page';
      data: {
        syncId: string;
        seq: number;
        stream: string;
        records: Schemas['RecordCounts'];
        apiCalls: number;
        durationMs: number;
      };
    };

export interface SubscribeOptions {
  baseUrl: string;
  apiKey: string;
  syncId: string;
  /** The id of the last event that was seen: only what came after it is sent. */
  lastEventId?: string;
  signal?: AbortSignal;
  /** Instead of the global one. */
  fetch?: typeof globalThis.fetch;
  /** The longest wait between attempts to come back. Default 10 s. */
  maxRetryMs?: number;
}

/** The API refused the stream: trying again would not help. */
export class SubscriptionError extends Error {
  override readonly name = 'SubscriptionError';
  readonly status: number;
  /** The code of the problem document, where there was one. */
  readonly code: string | null;

  constructor(status: number, code: string | null, detail: string) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

const RETRY_MS = 1_000;

/**
 * Follows a sync until it is over: `for await (const event of subscribeSyncEvents({ … }))`. A connection that is
 * lost is made again with the last id, so that no event is missed or seen twice. Ends after `done`, or when the
 * signal is aborted; throws SubscriptionError when the API refuses.
 */
export async function* subscribeSyncEvents(options: SubscribeOptions): AsyncGenerator<SyncEvent, void, void> {
  let lastEventId = options.lastEventId;
  let retryMs = RETRY_MS;
  let failures = 0;
  const isAborted = () => options.signal?.aborted === true;
  while (!isAborted()) {
    try {
      const response = await connect(options, lastEventId);
      if (response === null) return;
      const parser = new EventStreamParser();
      for await (const raw of readEvents(response, parser)) {
        failures = 0;
        retryMs = parser.retryMs ?? retryMs;
        const event = toSyncEvent(raw);
        if (event === null) continue;
        lastEventId = event.id;
        yield event;
        if (event.type === 'done') return;
      }
    } catch (error) {
      if (error instanceof SubscriptionError) throw error;
      if (isAborted()) return;
    }
    failures += 1;
    const waitMs = Math.min(options.maxRetryMs ?? 10_000, retryMs * 2 ** Math.min(failures - 1, 10));
    await pause(waitMs, options.signal);
  }
}

/** Null: the sync is over and everything was seen. */
async function connect(options: SubscribeOptions, lastEventId: string | undefined): Promise<Response | null> {
  const send = options.fetch ?? globalThis.fetch;
  const url = new URL(`/v1/syncs/${encodeURIComponent(options.syncId)}/events`, options.baseUrl);
  const response = await send(url, {
    headers: {
      accept: 'text/event-stream',
      authorization: `Bearer ${options.apiKey}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  if (response.status === 204) return null;
  if (response.ok) return response;
  if (response.status >= 500) throw new Error(`The API answered ${response.status}.`);
  throw await refusal(response);
}

async function refusal(response: Response): Promise<SubscriptionError> {
  const problem: unknown = await response.json().catch(() => null);
  const member = (name: string) => {
    const value: unknown =
      problem !== null && typeof problem === 'object' ? Reflect.get(problem, name) : undefined;
    return typeof value === 'string' ? value : null;
  };
  const detail = member('detail') ?? `The API answered ${response.status}.`;
  return new SubscriptionError(response.status, member('code'), detail);
}

async function* readEvents(
  response: Response,
  parser: EventStreamParser,
): AsyncGenerator<RawEvent, void, void> {
  if (response.body === null) return;
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    yield* parser.push(decoder.decode(chunk, { stream: true }));
  }
}

/** Events of kinds this client does not know are passed over: a newer API may send more. */
function toSyncEvent(raw: RawEvent): SyncEvent | null {
  const { id, event } = raw;
  if (event !== 'progress' && event !== 'done' && event !== 'transition' && event !== 'page') return null;
  // The server wrote it from the same schemas these types were generated from.
  return { id, type: event, data: JSON.parse(raw.data) } as SyncEvent;
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const wake = () => resolve();
  signal?.addEventListener('abort', wake, { once: true });
  return promise.finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', wake);
  });
}

import type { SourceAnswer, SourceIo, SourceRequest } from '@tidemark/core/connector';
import { SourceError } from '@tidemark/core/failure';

export interface TransportOptions {
  /** A call that takes longer than this is given up, its body included. */
  timeoutMs: number;
  /** A body that is larger than this is not an answer of a page. */
  bodyBytesMax: number;
  signal: AbortSignal;
  now: () => number;
  /** Called once per call that was made, whatever came of it. */
  onCall: () => void;
  onAnswer: (answer: SourceAnswer) => void;
  /** How long a call took, its body included, in milliseconds: one that was served, or was waited for in vain. */
  onTook?: (ms: number) => void;
}

/**
 * HTTP as connectors see it: every call is counted, bounded in time and size, and ends in an answer or in a
 * SourceError of kind `transient`. When `signal` aborts, its reason is thrown instead. Redirects are refused: no
 * source of ours uses them, and they could carry credentials elsewhere.
 */
export function httpTransport(options: TransportOptions): SourceIo {
  return {
    fetch: async (request) => {
      options.signal.throwIfAborted();
      options.onCall();
      const started = performance.now();
      try {
        const answer = await call(request, options);
        // A refusal is quick whatever the state of the source.
        if (answer.status < 400) options.onTook?.(performance.now() - started);
        options.onAnswer(answer);
        return answer;
      } catch (error) {
        options.signal.throwIfAborted();
        if (error instanceof SourceError) throw error;
        if (isTimeout(error)) options.onTook?.(options.timeoutMs);
        throw unreachable(request.url, error, options.timeoutMs);
      }
    },
  };
}

async function call(request: SourceRequest, options: TransportOptions): Promise<SourceAnswer> {
  const response = await fetch(request.url, {
    method: request.method ?? 'GET',
    headers: request.headers ?? {},
    ...(request.body === undefined ? {} : { body: request.body }),
    redirect: 'error',
    signal: AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]),
  });
  const body = await readBody(response, options.bodyBytesMax);
  const headers = Object.fromEntries(response.headers);
  const date = Date.parse(headers.date ?? '');
  return { status: response.status, headers, body, answeredAtMs: Number.isNaN(date) ? options.now() : date };
}

async function readBody(response: Response, bytesMax: number): Promise<string> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) {
      const message = `The source sent more than ${bytesMax} bytes in one answer.`;
      throw new SourceError({ kind: 'tooMuchData', code: 'source_page_too_large', message });
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** The URL's path and query stay out of the message: only the host is needed to find the fault. */
function unreachable(url: string, error: unknown, timeoutMs: number): SourceError {
  const what = isTimeout(error)
    ? `did not answer within ${timeoutMs} ms`
    : `could not be reached (${causeOf(error)})`;
  const message = `${new URL(url).host} ${what}.`;
  return new SourceError({ kind: 'transient', code: 'source_unavailable', message }, { cause: error });
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}

/** `fetch` hides the code of the socket's error in its cause. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (cause !== null && typeof cause === 'object' && 'code' in cause) return String(cause.code);
  return cause instanceof Error ? cause.name : 'unknown error';
}

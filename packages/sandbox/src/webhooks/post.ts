import { Agent, request as httpRequest } from 'node:http';
import { Agent as TlsAgent, request as httpsRequest } from 'node:https';

/** What became of one attempt. `status` is null when no answer came; then `failure` says why. */
export interface PostResult {
  readonly status: number | null;
  /** `timeout`, or the system's code such as `ECONNREFUSED`. */
  readonly failure: string | null;
  /** Real milliseconds until the whole answer was there. */
  readonly ms: number;
}

export interface Poster {
  /** The receiver has so many real milliseconds for its answer. */
  post(body: Buffer, headers: Readonly<Record<string, string>>, timeoutMs: number): Promise<PostResult>;
  close(): void;
}

/** Posts bodies to one address over connections that are kept. Failures are results, never exceptions. */
export function createPoster(url: string): Poster {
  const secure = new URL(url).protocol === 'https:';
  const agent = secure ? new TlsAgent({ keepAlive: true }) : new Agent({ keepAlive: true });
  const attempt: Attempting = (body, headers, timeoutMs) => {
    const startedAt = performance.now();
    const { promise, resolve } = Promise.withResolvers<Attempt>();
    const end = (status: number | null, failure: string | null, staleSocket = false): void => {
      resolve({ status, failure, ms: performance.now() - startedAt, staleSocket });
    };
    const request = (secure ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      agent,
      headers: {
        'content-type': 'application/json',
        'content-length': body.length,
        'user-agent': 'facebookplatform/1.0 (+http://developers.facebook.com)',
        ...headers,
      },
    });
    const deadline = setTimeout(() => request.destroy(new TimeoutError()), timeoutMs);
    request.once('close', () => {
      clearTimeout(deadline);
      end(null, 'closed');
    });
    request.once('error', (error: NodeJS.ErrnoException) => {
      end(null, error.code ?? error.name, request.reusedSocket && error.code === 'ECONNRESET');
    });
    request.once('response', (response) => {
      response.once('end', () => end(response.statusCode ?? null, null));
      response.once('error', (error: NodeJS.ErrnoException) => end(null, error.code ?? error.name));
      response.resume();
    });
    request.end(body);
    return promise;
  };
  return {
    post: async (...call) => {
      const first = await attempt(...call);
      // The receiver closed an idle connection just as it was taken: that attempt never was one.
      const { status, failure, ms } = first.staleSocket ? await attempt(...call) : first;
      return { status, failure, ms };
    },
    close: () => agent.destroy(),
  };
}

type Attempting = (...call: Parameters<Poster['post']>) => Promise<Attempt>;

interface Attempt extends PostResult {
  readonly staleSocket: boolean;
}

class TimeoutError extends Error {
  readonly code = 'timeout';
}

import createFetchClient, { type Client, type Middleware } from 'openapi-fetch';
import type { paths } from './generated/api.ts';

export interface ClientOptions {
  /** Where the API is, such as `http://127.0.0.1:3000`. */
  baseUrl: string;
  apiKey: string;
  /** Instead of the global one. */
  fetch?: typeof globalThis.fetch;
}

export type TidemarkClient = Client<paths>;

/**
 * A typed client: `client.GET('/v1/syncs/{id}', { params: { path: { id } } })` gives `{ data, error, response }`,
 * where `error` is the problem document.
 */
export function createClient(options: ClientOptions): TidemarkClient {
  const authorize: Middleware = {
    onRequest: ({ request }) => {
      request.headers.set('authorization', `Bearer ${options.apiKey}`);
      return request;
    },
  };
  const given = options.fetch;
  const client = createFetchClient<paths>({
    baseUrl: options.baseUrl,
    ...(given === undefined ? {} : { fetch: (request: Request) => given(request) }),
  });
  client.use(authorize);
  return client;
}

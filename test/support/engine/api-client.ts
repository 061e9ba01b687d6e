/** An answer of the API, its body read as JSON. */
export interface ApiAnswer {
  status: number;
  body: Record<string, unknown>;
}

/** Calls the API as a user does. */
export interface ApiClient {
  call(method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown): Promise<ApiAnswer>;
}

export const ADMIN_KEY = 'a-key-for-tests-0123456789';

export function apiClient(baseUrl: string): ApiClient {
  return {
    call: async (method, path, body) => {
      const response = await fetch(`${baseUrl}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${ADMIN_KEY}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
  };
}

/** The call must be answered with this status; returns the body. */
export async function expectAnswer(
  client: ApiClient,
  status: number,
  ...[method, path, body]: Parameters<ApiClient['call']>
): Promise<Record<string, unknown>> {
  const answer = await client.call(method, path, body);
  if (answer.status === status) return answer.body;
  throw new Error(`${method} ${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** Stands between a source and the API: hands everything on, or refuses everything, as an API that is out of order. */
export interface FallibleReceiver {
  url: string;
  /** While true, every delivery is answered with 503. */
  isDown: boolean;
  /** Deliveries that were handed on. */
  readonly delivered: number;
  stop(): Promise<void>;
}

export async function startFallibleReceiver(target: string): Promise<FallibleReceiver> {
  const state = { isDown: false, delivered: 0 };
  const server = createServer((request, response) => {
    handOn(target, request, response, state).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/webhooks/messenger`,
    get isDown() {
      return state.isDown;
    },
    set isDown(isDown: boolean) {
      state.isDown = isDown;
    },
    get delivered() {
      return state.delivered;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handOn(
  target: string,
  request: IncomingMessage,
  response: ServerResponse,
  state: { isDown: boolean; delivered: number },
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  if (state.isDown) {
    response.writeHead(503).end();
    return;
  }
  const { method = 'GET', url = '/' } = request;
  const headers = Object.entries(request.headers).filter(([name]) => /^(content-type|x-hub-)/.test(name));
  const answer = await fetch(new URL(url, target), {
    method,
    headers: headers.map(([name, value]): [string, string] => [name, String(value)]),
    ...(method === 'GET' ? {} : { body: Buffer.concat(chunks) }),
  });
  if (method === 'POST' && answer.ok) state.delivered += 1;
  response.writeHead(answer.status, { 'content-type': 'text/plain' }).end(await answer.text());
}

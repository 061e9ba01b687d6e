import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it left the engine: what the logs of a proxy in between would hold. */
export interface RecordedRequest {
  url: URL;
  headers: IncomingHttpHeaders;
}

/** Stands between the engine and a source, and writes down what goes through. */
export interface RecordingProxy {
  url: string;
  requests: readonly RecordedRequest[];
  /** Where the requests go; to be set before the first one. */
  forwardTo(url: string): void;
  close(): Promise<void>;
}

export async function startRecordingProxy(): Promise<RecordingProxy> {
  const requests: RecordedRequest[] = [];
  let target = '';
  const server = createServer((incoming, outgoing) => {
    const url = new URL(incoming.url ?? '/', target);
    requests.push({ url, headers: incoming.headers });
    const headers = { ...incoming.headers, host: url.host };
    const forwarded = request(url, { method: incoming.method ?? 'GET', headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    forwardTo: (url) => {
      target = url;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

import { request } from 'node:http';
import { CONTROL_SOCKET, type Requests } from './protocol.ts';

/** Asks the process that holds the services of this test run. A service that does not come up is an error. */
export async function ask<P extends keyof Requests>(
  path: P,
  body: Requests[P]['body'],
): Promise<Requests[P]['answer']> {
  const socketPath = process.env[CONTROL_SOCKET];
  if (socketPath === undefined) throw new Error('the test services are not up: run tests through jest');
  const { status, text } = await post(socketPath, path, JSON.stringify(body));
  if (status !== 200) throw new Error(`${path.slice(1)} for tests: ${text}`);
  return JSON.parse(text);
}

interface Answer {
  status: number | undefined;
  text: string;
}

async function post(socketPath: string, path: string, body: string): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, path, method: 'POST', agent: false }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => {
        text += chunk;
      });
      incoming.on('error', reject);
      incoming.on('end', () => resolve({ status: incoming.statusCode, text }));
    });
    outgoing.on('error', (cause) => reject(new Error('the test services are gone', { cause })));
    outgoing.end(body);
  });
}

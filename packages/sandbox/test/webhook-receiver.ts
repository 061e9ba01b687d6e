import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';

export const SECRET = 'app-secret';
export const VERIFY_TOKEN = 'verify-me';

export interface Received {
  readonly raw: Buffer;
  readonly text: string;
  readonly headers: IncomingMessage['headers'];
  /** The signature is that of the bytes. */
  readonly signed: boolean;
  readonly body: Envelope;
}

export interface Envelope {
  readonly object: string;
  readonly entry: readonly { id: string; time: number; messaging?: Item[]; standby?: Item[] }[];
}

/** An item of a shape that the test knows. */
export interface Item {
  readonly sender?: { id: unknown };
  readonly recipient: { id: unknown };
  readonly timestamp?: number;
  readonly message?: Record<string, unknown> & { mid: string; text?: string };
  readonly message_edit?: { mid: string; text: string; num_edit: number };
  readonly [key: string]: unknown;
}

/** A receiver of webhooks that answers as it is told: a status, or null for no answer at all. */
export class Receiver {
  readonly received: Received[] = [];
  answer: (delivery: Received) => number | null = () => 200;
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '' } = request;
      if (method === 'GET') {
        const query = new URL(url, 'http://receiver').searchParams;
        const expected =
          query.get('hub.mode') === 'subscribe' && query.get('hub.verify_token') === VERIFY_TOKEN;
        response.writeHead(expected ? 200 : 403);
        response.end(expected ? query.get('hub.challenge') : '');
        return;
      }
      const status = this.#take(Buffer.concat(chunks), request.headers);
      if (status === null) return;
      response.writeHead(status);
      response.end();
    });
  });
  #port = 0;

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    this.#port = typeof address === 'object' && address !== null ? address.port : 0;
  }

  get callback(): { url: string; verifyToken: string; appSecret: string } {
    const url = `http://127.0.0.1:${this.#port}/webhooks/messenger`;
    return { url, verifyToken: VERIFY_TOKEN, appSecret: SECRET };
  }

  /** All items, in the order of arrival. */
  get items(): Item[] {
    const entries = this.received.flatMap(({ body }) => body.entry);
    return entries.flatMap((entry) => [...(entry.messaging ?? []), ...(entry.standby ?? [])]);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #take(raw: Buffer, headers: IncomingMessage['headers']): number | null {
    const text = raw.toString();
    const expected = createHmac('sha256', SECRET).update(raw).digest('hex');
    const signed = headers['x-hub-signature-256'] === `sha256=${expected}`;
    const delivery: Received = { raw, text, headers, signed, body: parse(text) };
    this.received.push(delivery);
    return this.answer(delivery);
  }
}

function parse(text: string): Envelope {
  try {
    return JSON.parse(text) as Envelope;
  } catch {
    return { object: '', entry: [] };
  }
}

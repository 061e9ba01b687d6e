import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Sleep } from '../clock.ts';
import type { Transport } from '../faults/effects.ts';

export interface Outgoing {
  readonly status: number;
  readonly body: string | Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Sends an answer over a network that behaves as told. Resolves when all of it was handed over, or when the
 * connection is gone; returns the status sent, null for none.
 */
export async function send(
  response: ServerResponse,
  answer: Outgoing,
  transport: Transport,
  sleep: Sleep,
): Promise<number | null> {
  if (transport.hang) {
    if (!response.destroyed) await once(response, 'close');
    return null;
  }
  if (transport.delayMs > 0) await sleep(transport.delayMs);
  if (transport.reset === 'before') {
    response.socket?.resetAndDestroy();
    return null;
  }
  const body = damage(answer.body, transport);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length });
  if (transport.reset === 'during') {
    await write(response, body.subarray(0, body.length >> 1));
    response.socket?.resetAndDestroy();
    return answer.status;
  }
  if (transport.slowBody !== null) await trickle(response, body, transport.slowBody, sleep);
  else response.end(body);
  return answer.status;
}

function damage(body: string | Buffer, transport: Transport): Buffer {
  if (!transport.malformed && transport.truncateTo === null) return toBuffer(body);
  const text = body.toString();
  // A stray comma before the end: nearly JSON, in full length.
  const mangled = transport.malformed ? `${text.slice(0, -1)},}` : text;
  return toBuffer(mangled.slice(0, Math.floor(mangled.length * (transport.truncateTo ?? 1))));
}

function toBuffer(body: string | Buffer): Buffer {
  return typeof body === 'string' ? Buffer.from(body) : body;
}

async function trickle(
  response: ServerResponse,
  body: Buffer,
  slow: { readonly ms: number; readonly chunks: number },
  sleep: Sleep,
): Promise<void> {
  const size = Math.max(1, Math.ceil(body.length / slow.chunks));
  for (let start = 0; start < body.length && !response.destroyed; start += size) {
    await write(response, body.subarray(start, start + size));
    await sleep(slow.ms / slow.chunks);
  }
  response.end();
}

/** Waits until the bytes are with the operating system; a connection that broke counts as done. */
function write(response: ServerResponse, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    response.write(bytes, () => resolve());
  });
}

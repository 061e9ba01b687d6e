import type { IncomingMessage } from 'node:http';

const MAX_BODY = 1_000_000;

/** The text of a request's body. Throws a RangeError above a megabyte. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) throw new RangeError('body too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** Parameters of a form or a flat JSON object; none for anything else. */
export function bodyParams(text: string, contentType: string | undefined): ReadonlyMap<string, string> {
  if (text === '') return new Map();
  if (contentType?.includes('json') !== true) return new Map(new URLSearchParams(text));
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return new Map();
    return new Map(Object.entries(value).map(([name, item]) => [name, String(item)]));
  } catch {
    return new Map();
  }
}

/** An object as it stands in the bytes: from its opening brace to behind its closing one. */
export interface ObjectSpan {
  from: number;
  to: number;
}

const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
const [QUOTE, BACKSLASH, NEWLINE] = [0x22, 0x5c, 0x0a];

/** Deeper than anything a program writes by hand; PostgreSQL and the parser give up somewhere beyond. */
const DEPTH_MAX = 500;

/**
 * The first position at or after `from` that is neither white space, a line break nor a NUL. Appends that a crash cut off
 * leave runs of NUL behind.
 */
export function skipBlank(bytes: Buffer, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d && byte !== 0x00) break;
    at += 1;
  }
  return at;
}

/**
 * The object that begins at `from`, if it is closed before `to` and before the line ends; null if not, or if something
 * else begins there. Says nothing about whether it parses. Bytes of characters beyond ASCII are never taken for braces
 * (UTF-8).
 */
export function closedObject(bytes: Buffer, from: number, to: number): ObjectSpan | null {
  if (bytes[from] !== OPEN_BRACE) return null;
  let depth = 0;
  let inText = false;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at];
    if (byte === NEWLINE) return null;
    if (inText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth += 1;
      if (depth > DEPTH_MAX) return null;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return { from, to: at + 1 };
    }
  }
  return null;
}

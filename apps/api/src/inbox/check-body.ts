import { ProblemError } from '@tidemark/core/errors';

/** Deeper than any delivery, and shallow enough for every recursion that follows, PostgreSQL's included. */
const DEPTH_MAX = 64;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Checks that a correctly signed body is a delivery of Meta's: `{object, entry: [...]}` in JSON. What is in the entries is
 * judged when it is processed. Throws ProblemError; nothing of the body is repeated in it.
 */
export function checkDeliveryBody(bytes: Buffer): void {
  const text = decode(bytes);
  if (depthOf(text) > DEPTH_MAX) {
    throw new ProblemError('malformed_body', `The body is nested deeper than ${DEPTH_MAX} levels.`);
  }
  const body = parse(text);
  const isObject = body !== null && typeof body === 'object' && !Array.isArray(body);
  if (!isObject) throw unfit('', 'must be an object');
  if (!('object' in body) || typeof body.object !== 'string') throw unfit('/object', 'must be a text');
  if (!('entry' in body) || !Array.isArray(body.entry)) throw unfit('/entry', 'must be a list');
}

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new ProblemError('malformed_body', 'The body is not valid UTF-8.', { cause });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ProblemError('malformed_body', 'The body is not valid JSON.', { cause });
  }
}

function unfit(pointer: string, message: string): ProblemError {
  return new ProblemError('validation_failed', 'The body is not a delivery: {"object": …, "entry": […]}.', {
    errors: [{ pointer, message }],
  });
}

const [QUOTE, BACKSLASH] = ['"', '\\'];

/** How deep brackets are nested outside of strings, without parsing. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (isInString) {
      if (character === BACKSLASH) index += 1;
      else if (character === QUOTE) isInString = false;
    } else if (character === QUOTE) {
      isInString = true;
    } else if (character === '{' || character === '[') {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (character === '}' || character === ']') {
      depth -= 1;
    }
  }
  return deepest;
}

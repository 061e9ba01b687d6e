import { ProblemError } from '@tidemark/core/errors';

/** Deeper than any body of ours, and shallow enough for every recursion that follows. */
const DEPTH_MAX = 64;

/**
 * Refuses what PostgreSQL cannot hold (U+0000, lone surrogates) and what is nested absurdly deep, before anything
 * is done with the body. Walks without recursion.
 */
export function assertStorable(body: unknown): void {
  const open: { value: unknown; depth: number }[] = [{ value: body, depth: 0 }];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    const { value, depth } = item;
    if (typeof value === 'string') assertText(value);
    if (value === null || typeof value !== 'object') continue;
    if (depth >= DEPTH_MAX) {
      throw new ProblemError('malformed_body', `The body is nested deeper than ${DEPTH_MAX} levels.`);
    }
    for (const [key, member] of Object.entries(value)) {
      assertText(key);
      open.push({ value: member, depth: depth + 1 });
    }
  }
}

/** The same for the parameters of the URL. */
export function assertStorableParameters(parameters: unknown): void {
  if (parameters === null || typeof parameters !== 'object') return;
  for (const [name, value] of Object.entries(parameters)) {
    const texts: unknown[] = Array.isArray(value) ? value : [value];
    if (texts.some((text) => typeof text === 'string' && !isStorable(text))) {
      throw new ProblemError('invalid_query', `"${name}": must not contain U+0000 or half a surrogate pair.`);
    }
  }
}

function assertText(text: string): void {
  if (isStorable(text)) return;
  throw new ProblemError(
    'malformed_body',
    'A string of the body contains U+0000 or half a surrogate pair. Remove it.',
  );
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000');
}

import { ProblemError } from '@tidemark/core/errors';

/** The ETag of a version: strong (RFC 9110, 8.8.3). */
export function etagOf(version: number): string {
  return `"${version}"`;
}

/** If-None-Match: a list, any of them, compared weakly (RFC 9110, 13.1.2). */
export function matchesNone(header: string | undefined, version: number): boolean {
  if (header === undefined) return true;
  return !tagsOf(header).some((tag) => tag === '*' || tag.replace(/^W\//, '') === etagOf(version));
}

const STRONG_TAG = /^"(\d{1,9})"$/;

/**
 * The versions an If-Match accepts, compared strongly (RFC 9110, 13.1.1): a weak tag, or one we never gave, matches
 * none. Throws `precondition_required` without one, and for `*`, which names no version.
 */
export function versionsToMatch(header: string | undefined): number[] {
  const tags = header === undefined ? [] : tagsOf(header);
  if (tags.length === 0 || tags.includes('*')) {
    const detail = 'Send "If-Match" with the ETag you read, so that a change made since is not overwritten.';
    throw new ProblemError('precondition_required', detail);
  }
  return tags.flatMap((tag) => {
    const version = STRONG_TAG.exec(tag)?.[1];
    return version === undefined ? [] : [Number(version)];
  });
}

function tagsOf(header: string): string[] {
  return header
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

import { z } from 'zod';
import type { FieldProblem } from './problem.ts';

/** RFC 6901: `~` and `/` inside a segment are escaped. */
function pointer(path: readonly PropertyKey[]): string {
  return path.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/**
 * The issues of a failed zod parse as field problems, with pointers that start at `base`.
 * An unknown key is reported at the key itself, not at the object that holds it, so that a person finds it.
 */
export function zodProblems(error: z.ZodError, base = ''): FieldProblem[] {
  return error.issues.flatMap((issue): FieldProblem[] => {
    const at = base + pointer(issue.path);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        pointer: at + pointer([key]),
        message: 'Unknown field. Remove it, or check its spelling.',
      }));
    }
    if (issue.code === 'invalid_union') return unionProblems(issue, at);
    return [{ pointer: at, message: issue.message }];
  });
}

/** Of the alternatives of a union, the one that the value comes closest to is taken for what was meant. */
function unionProblems(issue: z.core.$ZodIssueInvalidUnion, at: string): FieldProblem[] {
  const alternatives = issue.errors.map((issues) => zodProblems(new z.ZodError(issues), at));
  const closest = alternatives.toSorted((a, b) => a.length - b.length)[0];
  return closest ?? [{ pointer: at, message: issue.message }];
}

import { type FieldProblem, ProblemError, zodProblems } from '@tidemark/core/errors';
import type { FastifySchemaCompiler } from 'fastify';
import { z } from 'zod';

/** Checks each part of a request against its schema; the first part that does not fit makes the problem. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  return (data: unknown) => {
    const parsed = schema.safeParse(data);
    if (parsed.success) return { value: parsed.data };
    return { error: problemOf(httpPart, parsed.error, schema, data) };
  };
};

function problemOf(
  part: string | undefined,
  error: z.ZodError,
  schema: z.ZodType,
  data: unknown,
): ProblemError {
  if (part === 'body') {
    const errors = zodProblems(error);
    return new ProblemError('validation_failed', summary(errors), { errors });
  }
  const errors = namedProblems(error, schema, data);
  if (part === 'headers') return new ProblemError('invalid_header', summary(errors), { errors });
  const code = errors.some((problem) => problem.pointer === 'cursor') ? 'invalid_cursor' : 'invalid_query';
  return new ProblemError(code, summary(errors), { errors });
}

/** Problems of flat parts: the name of the parameter instead of a pointer, and what to do. */
function namedProblems(error: z.ZodError, schema: z.ZodType, data: unknown): FieldProblem[] {
  return error.issues.flatMap((issue): FieldProblem[] => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ pointer: key, message: `is not known here. ${knownNames(schema)}` }));
    }
    const pointer = issue.path.map(String).join('.');
    if (pointer === 'cursor') return [{ pointer, message: CURSOR_REMEDY }];
    return [{ pointer, message: isRepeated(data, pointer) ? 'must be given once' : issue.message }];
  });
}

function isRepeated(data: unknown, name: string): boolean {
  return data !== null && typeof data === 'object' && Array.isArray(Reflect.get(data, name));
}

export const CURSOR_REMEDY =
  'is not one this list handed out. Pass the nextCursor of the page before as it is, or leave it out to begin anew.';

function knownNames(schema: z.ZodType): string {
  const names = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  return names.length === 0 ? 'Remove it; there are none.' : `Remove it, or use one of: ${names.join(', ')}.`;
}

function summary(errors: readonly FieldProblem[]): string {
  const first = errors[0];
  if (first === undefined) return 'The request does not fit its schema.';
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const name = first.pointer === '' ? 'The body' : `"${first.pointer}"`;
  return `${name}: ${first.message}${more}`;
}

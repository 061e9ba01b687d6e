import { z } from 'zod';

export const timestampSchema = z.iso.datetime().meta({ description: 'ISO 8601, UTC' });

const LIMIT_ERROR = 'must be a whole number from 1 to 200';

/** Parameters every list takes. */
export const pageQuerySchema = z.strictObject({
  limit: z.coerce
    .number({ error: LIMIT_ERROR })
    .int({ error: LIMIT_ERROR })
    .min(1, { error: LIMIT_ERROR })
    .max(200, { error: LIMIT_ERROR })
    .default(50),
  cursor: z
    .string()
    .min(1)
    .max(1000)
    .optional()
    .meta({ description: 'The nextCursor of the page before. Left out: the first page.' }),
});
export type PageQuery = z.infer<typeof pageQuerySchema>;

export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ data: z.array(item), nextCursor: z.string().nullable() });
}

/** RFC 9457. */
export const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    requestId: z.string(),
    errors: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;

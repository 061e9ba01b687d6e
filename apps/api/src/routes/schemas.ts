import { z } from 'zod';

/** The path of one resource. */
export const idParams = z.strictObject({ id: z.uuid({ error: 'must be a UUID' }) });

/** Routes without query parameters refuse all of them. */
export const noQuery = z.strictObject({});

/** Requests that say everything by their address take no body, or an empty one. */
export const noBody = z.preprocess((body) => body ?? {}, z.strictObject({}));

/** Headers of POSTs that create. Other headers are nobody's business here. */
export const idempotencyHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .min(1, { error: 'must not be empty' })
    .max(255, { error: 'must have at most 255 characters' })
    .optional()
    .meta({
      description: 'The same request under the same key is carried out once, and its answer repeated.',
    }),
});

/** The answer of a DELETE. */
export const nothing = z.undefined().meta({ description: 'Done' });

import type { z } from 'zod';

/** Where a value is not as a schema says, as pointers, each once; `*` for any row. */
export function placesIn(schema: z.ZodType, raw: unknown): string[] {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return [];
  const places = parsed.error.issues.map(({ path }) => {
    return path.map((part) => `/${typeof part === 'number' ? '*' : String(part)}`).join('') || '/';
  });
  return [...new Set(places)];
}

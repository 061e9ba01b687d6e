import { ask, type Mended } from './api.ts';

/** The largest page a list gives. */
export const PAGE_MAX = 200;

interface PageRequest {
  limit: number;
  /** Left out of the first one. */
  cursor?: string;
}

interface PageAnswer {
  data?: { readonly data: unknown; readonly nextCursor: string | null };
  error?: unknown;
  response: Response;
}

type ItemOf<A extends PageAnswer> =
  Mended<NonNullable<A['data']>> extends { readonly data: readonly (infer E)[] } ? E : never;

/** Reads a list to its end, or until there are `max` items. */
export async function listAll<A extends PageAnswer>(
  askForPage: (page: PageRequest) => Promise<A>,
  max = Number.POSITIVE_INFINITY,
): Promise<ItemOf<A>[]> {
  const items: ItemOf<A>[] = [];
  let cursor: string | null = null;
  do {
    const limit = Math.min(PAGE_MAX, max - items.length);
    const page: { data: unknown; nextCursor: string | null } = await ask(
      askForPage(cursor === null ? { limit } : { limit, cursor }),
    );
    items.push(...(page.data as ItemOf<A>[]));
    cursor = page.nextCursor;
  } while (cursor !== null && items.length < max);
  return items;
}

/** One page of a list, and the position after its last row; null when there are no more. */
export interface ListPage<T, K> {
  rows: T[];
  next: K | null;
}

/**
 * Makes a page of `limit` rows out of `limit + 1` that were asked for. The one too many only tells that there
 * are more: the next page starts after the last row that is shown.
 */
export function pageOf<T, K>(found: readonly T[], limit: number, positionOf: (row: T) => K): ListPage<T, K> {
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return { rows, next: found.length > limit && last !== undefined ? positionOf(last) : null };
}

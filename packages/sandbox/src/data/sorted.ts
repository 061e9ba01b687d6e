/** A position: a time in epoch seconds, then what breaks ties. */
export type Key = readonly [number, number];

export function compareKeys(a: Key, b: Key): number {
  return a[0] - b[0] || a[1] - b[1];
}

/** The first index of an ascending list whose key is not below (major, minor); its length when none is. */
export function firstAtLeast<T>(
  list: readonly T[],
  major: number,
  minor: number,
  key: (item: T) => Key,
): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(key(list[middle] as T), [major, minor]) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

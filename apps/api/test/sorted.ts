/** In the order of code units, smallest first. */
export function sorted(texts: readonly string[]): string[] {
  return texts.toSorted((a, b) => Number(a > b) - Number(a < b));
}

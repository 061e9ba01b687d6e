import { createHash } from 'node:crypto';

/**
 * JSON with the keys of every object in code-unit order, so that equal values have equal texts whatever order
 * a source sent their keys in. Members that are undefined are left out, as in JSON.stringify.
 */
export function canonicalJson(value: unknown): string {
  if (value === undefined) return 'null';
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members: string[] = [];
  for (const key of Object.keys(value).sort(byCodeUnit)) {
    const member: unknown = (value as Record<string, unknown>)[key];
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(member)}`);
  }
  return `{${members.join(',')}}`;
}

function byCodeUnit(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** 32 hexadecimal digits (128 bits) of SHA-256: enough that no two contents of one record ever share them. */
export function contentHash(value: unknown): string {
  return sha256Hex(canonicalJson(value)).slice(0, 32);
}

export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Orders texts as PostgreSQL's collation "C" does: by code point, where JavaScript compares code units. */
export function compareCodePoints(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index += 1) {
    const [a, b] = [one.charCodeAt(index), other.charCodeAt(index)];
    if (a === b) continue;
    // Code units of surrogate pairs lie below U+E000 to U+FFFF, and what they stand for above.
    const isHigh = (unit: number) => unit >= 0xd800 && unit <= 0xdfff;
    if (isHigh(a) !== isHigh(b)) return isHigh(a) ? 1 : -1;
    return a - b;
  }
  return one.length - other.length;
}

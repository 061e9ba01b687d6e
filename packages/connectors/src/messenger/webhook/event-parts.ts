import { graphId } from '../graph-schemas.ts';
import { parseGraphTime } from '../graph-time.ts';

/** Ids become keys of indexes, which hold no longer ones. */
const ID_MAX = 500;

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** A member of an object of the source, whatever its name is; undefined where there is none. */
export function member(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

export function textMember(value: unknown, key: string): string | null {
  const found = member(value, key);
  return typeof found === 'string' && found !== '' ? found : null;
}

/** An id as text; null where there is none, or none that can be a key: overlong, or not storable. */
export function idOf(value: unknown): string | null {
  const id = graphId.safeParse(value).data ?? null;
  return id === null || id.length > ID_MAX || !id.isWellFormed() || id.includes('\u0000') ? null : id;
}

const FIRST_MS = 0;
const LAST_MS = Date.UTC(9999, 0, 1);

/** ISO 8601 UTC from seconds, milliseconds or text; null when it is no time, or one that no message can have. */
export function timeOf(value: unknown): string | null {
  const isShortNumber = typeof value === 'string' && /^\d{1,8}$/.test(value);
  const time = parseGraphTime(isShortNumber ? Number(value) : value);
  if (time === null) return null;
  const ms = Date.parse(time);
  return ms >= FIRST_MS && ms < LAST_MS ? time : null;
}

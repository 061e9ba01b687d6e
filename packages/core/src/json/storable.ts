/**
 * PostgreSQL stores neither U+0000 nor a lone surrogate in text or jsonb. What a source sends with them is
 * stored with U+FFFD in their place, and the exact original beside it, as the base64 of its JSON text
 * (JSON.stringify escapes both, so nothing is lost).
 */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000');
}

function clean(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD');
}

function toBase64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

/** `original` is null when the text could be stored as it is. */
export function storableText(text: string): { text: string; original: string | null } {
  if (isStorable(text)) return { text, original: null };
  return { text: clean(text), original: toBase64(JSON.stringify(text)) };
}

/** Reads a stored `original` back. */
export function originalOf(stored: string): unknown {
  return JSON.parse(Buffer.from(stored, 'base64').toString('utf8'));
}

function cleanDeep(value: unknown): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map(cleanDeep);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, member]): [string, unknown] => [
    clean(key),
    cleanDeep(member),
  ]);
  return Object.fromEntries(entries);
}

function isStorableDeep(value: unknown): boolean {
  if (typeof value === 'string') return isStorable(value);
  if (Array.isArray(value)) return value.every(isStorableDeep);
  if (value === null || typeof value !== 'object') return true;
  return Object.entries(value).every(([key, member]) => isStorable(key) && isStorableDeep(member));
}

/** Any JSON value in a form PostgreSQL can store; `original` is null when nothing had to be changed. */
export function storableJson(value: unknown): { value: unknown; original: string | null } {
  if (isStorableDeep(value)) return { value, original: null };
  return { value: cleanDeep(value), original: toBase64(JSON.stringify(value)) };
}

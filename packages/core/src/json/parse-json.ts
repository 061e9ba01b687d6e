/** A number of 16 digits or more may lie above 2^53, where a double no longer holds every integer. */
const LONG_NUMBER = /[:[,\s]-?\d{16,}/;

/** The reviver's third argument (ECMA-262, JSON.parse source text access) is not in TypeScript's library yet. */
type SourceReviver = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown;

/**
 * Parses JSON and keeps every digit of integers that a double cannot hold, as strings: sources send ids as
 * numbers. A leading byte order mark is passed over. Throws SyntaxError like JSON.parse.
 */
export function parseJson(text: string): unknown {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (!LONG_NUMBER.test(body)) return JSON.parse(body);
  const keepDigits: SourceReviver = (_key, value, context) => {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
    const source = context?.source;
    return source !== undefined && /^-?\d+$/.test(source) ? source : value;
  };
  return JSON.parse(body, keepDigits);
}

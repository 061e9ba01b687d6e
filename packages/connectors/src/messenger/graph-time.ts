const GRAPH_TIME = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?)(Z|[+-]\d{2}:?\d{2})$/;

/** Numbers below this are seconds, above it milliseconds: the year 5138 in seconds, 1973 in milliseconds. */
export const MILLISECONDS_FROM = 100_000_000_000;

/**
 * Reads a time as the Graph API writes it (`2022-07-12T19:11:07+0000`: no colon in the offset, so not RFC 3339),
 * and as epoch seconds or milliseconds, also in a string. ISO 8601 UTC, or null when it is none of these.
 */
export function parseGraphTime(value: unknown): string | null {
  if (typeof value === 'number' || (typeof value === 'string' && /^\d{9,13}$/.test(value))) {
    const number = Number(value);
    return toIso(number < MILLISECONDS_FROM ? number * 1000 : number);
  }
  if (typeof value !== 'string') return null;
  const match = GRAPH_TIME.exec(value);
  if (match?.[1] === undefined || match[2] === undefined) return null;
  const zone =
    match[2] === 'Z' || match[2].includes(':') ? match[2] : `${match[2].slice(0, 3)}:${match[2].slice(3)}`;
  return toIso(Date.parse(match[1] + zone));
}

function toIso(epochMs: number): string | null {
  return Number.isFinite(epochMs) && Math.abs(epochMs) <= 8_640_000_000_000_000
    ? new Date(epochMs).toISOString()
    : null;
}

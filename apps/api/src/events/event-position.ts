/**
 * Ids of server-sent events. Each stored event with id N is sent as 2N; what follows from it (`progress`, `done`)
 * as 2N + 1. So ids only grow, none is used twice, and any of them tells exactly what a client has seen.
 */
export interface EventPosition {
  /** The stored event that was sent last; 0 for none. */
  row: bigint;
  /** What follows from it was sent as well. */
  followed: boolean;
}

export const BEGINNING: EventPosition = { row: 0n, followed: true };

/** Reads `Last-Event-ID`; null when it is not one of our ids. */
export function parseEventId(text: string): EventPosition | null {
  if (!/^\d{1,19}$/.test(text)) return null;
  const id = BigInt(text);
  return { row: id >> 1n, followed: id % 2n === 1n || id === 0n };
}

export function eventIdOf(position: EventPosition): string {
  return String(2n * position.row + (position.followed ? 1n : 0n));
}

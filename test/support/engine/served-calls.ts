import type { CallRecord } from '@tidemark/sandbox';

/** The calls that brought a page: answered, and whole. */
export function pagesServed(calls: readonly CallRecord[]): CallRecord[] {
  return calls.filter((call) => call.status === 200 && call.errorCode === null && call.faults.length === 0);
}

/**
 * Pages that were read more than once, by their place in the source: a correct sync reads each once, and once more
 * for each time its reader died before it could commit.
 */
export function readAgain(calls: readonly CallRecord[]): { place: string; times: number }[] {
  const times = new Map<string, number>();
  for (const call of pagesServed(calls).filter(bringsRecords)) {
    const place = placeOf(call);
    times.set(place, (times.get(place) ?? 0) + 1);
  }
  return [...times].filter(([, count]) => count > 1).map(([place, count]) => ({ place, times: count }));
}

/** Where in the source a call reads. */
export function placeOf(call: CallRecord): string {
  return `${call.path} after ${call.cursor ?? 'the top'}`;
}

/** Conversations without their messages are only looked for: after a lost cursor, or to prove that none was missed. */
function bringsRecords({ edge, rows, messages }: CallRecord): boolean {
  return edge !== 'conversations' || rows === 0 || messages > 0;
}

/** How many calls would not have been made if nothing had gone wrong. */
export function countReadAgain(calls: readonly CallRecord[]): number {
  return readAgain(calls).reduce((sum, { times }) => sum + times - 1, 0);
}

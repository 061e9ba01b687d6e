/** How often the subscription of a connection is looked at. A check is one or two calls to the source. */
export const CHECK_SECONDS = 300;

/** The next look after one that could not be finished: no place in the budget, or a live sync in the way of a gap sync. */
export const CHECK_SOON_SECONDS = 60;

/** Nothing was delivered for this long: the source is asked whether there was anything to deliver. */
export const QUIET_SECONDS = 900;

/** What happened at the source less than this ago may still be on its way. */
export const LATE_SECONDS = 300;

/** A gap sync that failed is repeated only so much later. */
export const GAP_RETRY_SECONDS = 3_600;

/**
 * Why a gap is assumed. `unsubscribed`: the source had stopped telling, or did not tell everything. `silence`: it has
 * newer records than those it told of, whoever failed. `retry`: the last sync that was to fill a gap did not.
 */
export const GAP_REASONS = ['unsubscribed', 'silence', 'retry'] as const;
export type GapReason = (typeof GAP_REASONS)[number];

/** What is known here of a connection whose source tells by itself; times of the database's clock as ages. */
export interface ConnectionFacts {
  /** A gap that was noticed and not filled yet. */
  owed: GapReason | null;
  /** Seconds since the last delivery, or since the subscription if there was none; null before the first check. */
  quietSeconds: number | null;
  /** Deliveries wait to be processed: what is stored says nothing about what was delivered. */
  inboxBehind: boolean;
  /** The newest record that is stored, by the source's clock; epoch milliseconds. */
  storedUntilMs: number | null;
  /** The newest record at the source when the last gap sync was started. */
  filledUntilMs: number | null;
  /** The last gap sync failed, and no sync completed since: seconds since it was started. Null otherwise. */
  unfilledSeconds: number | null;
}

/** What the source says about its newest record, by its own clock; epoch milliseconds. */
export interface SourceNews {
  newestMs: number | null;
  answeredAtMs: number;
}

/** Whether the source has to be asked for its news: only then does a silence have to be told from a quiet Page. */
export function isQuiet(facts: ConnectionFacts): boolean {
  const { owed, quietSeconds, inboxBehind } = facts;
  return owed === null && !inboxBehind && quietSeconds !== null && quietSeconds >= QUIET_SECONDS;
}

/**
 * Whether a sync has to fill a gap, and why. At most once for each incident: a debt lasts until its sync was started, and
 * what the source had then is not taken for a new silence, whether that sync found it or not.
 *
 * `news` is null when the source was not asked.
 */
export function gapOf(facts: ConnectionFacts, news: SourceNews | null): GapReason | null {
  if (facts.owed !== null) return facts.owed;
  if (facts.unfilledSeconds !== null && facts.unfilledSeconds >= GAP_RETRY_SECONDS) return 'retry';
  if (news === null || news.newestMs === null || !isQuiet(facts)) return null;
  const knownUntilMs = Math.max(facts.storedUntilMs ?? 0, facts.filledUntilMs ?? 0);
  const isLate = news.answeredAtMs - news.newestMs >= LATE_SECONDS * 1000;
  return isLate && news.newestMs > knownUntilMs ? 'silence' : null;
}

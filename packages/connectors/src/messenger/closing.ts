import type { SetAside } from '@tidemark/core/connector';
import {
  isWalked,
  maySuspect,
  type MessengerCheckpoint,
  type MessengerWatermark,
  OVERLAP_MS,
} from './checkpoint.ts';

/** A conversation by its id and time, which are read also of one that cannot be stored. */
export interface Place {
  id: string;
  updatedTime: string;
}

/**
 * How a walk sees to it that it saw everything, and a full one proves it.
 *
 * A conversation that gets a message while the Page is walked jumps to the top, and is passed over if the walk had
 * not come to it. What jumped is newer than what was the newest when the walk began. So a full walk is followed by a
 * round over all that is newer than that, without messages, since what is asked for are names; those of them that were
 * not on the first page are read to their end. A round that took one call saw one moment, in which nothing can have
 * moved: that is the proof. Otherwise another round follows, over what jumped during the last one.
 *
 * An incremental walk of several pages needs the rounds as well: the next one would see what jumped, but takes messages
 * older than its own floor for known, and those of a conversation that was passed over are not.
 */

/** On a busy Page the rounds get shorter each time; one that is not caught up with after these stays unproved. */
const ROUNDS_MAX = 5;

export type WalkEnd =
  | { kind: 'goesOn'; next: MessengerCheckpoint }
  | { kind: 'done'; isWhole: boolean; watermark: MessengerWatermark };

/** What comes after the page that `next` follows: more of the same, another round, or the end. */
export function endOfWalk(next: MessengerCheckpoint): WalkEnd {
  if (!isWalked(next)) return { kind: 'goesOn', next };
  const done = { kind: 'done' as const, isWhole: next.proof === 'proved' };
  const ceiling = { updatedTime: next.ceiling };
  // Without an order there is no top to jump to.
  const isMissed = next.wide && next.isOrdered;
  if (next.proof !== 'open' && !isMissed) return { ...done, watermark: ceiling };
  const number = (next.round?.number ?? 0) + 1;
  // Without an order, or with cursors that are no longer checked against it, a round proves nothing. What may have been
  // missed then is read again by the next walk, from the same floor.
  if (next.top === null || !next.isOrdered || !maySuspect(next) || number > ROUNDS_MAX)
    return { ...done, watermark: isMissed ? { updatedTime: next.floor } : ceiling };
  const round = { number, since: next.top.time, known: next.top.graphIds };
  const top = { position: null, listed: false, reached: null, catchingUp: false, top: null, wide: false };
  return { kind: 'goesOn', next: { ...next, ...top, round } };
}

/**
 * How the walk goes on without a page. Messages of one conversation can be left out. A page of conversations cannot,
 * because only its answer tells where the next one begins; but without nested messages it may be had, and then the
 * conversation that spoils it shows by itself.
 */
export function setAsideWalk(
  checkpoint: MessengerCheckpoint,
): SetAside<MessengerCheckpoint, MessengerWatermark> | null {
  const [thread, ...threads] = checkpoint.threads;
  if (thread !== undefined) {
    const end = endOfWalk({ ...checkpoint, threads, goodPages: 0 });
    return {
      kind: 'without',
      failed: { ...checkpoint, position: null, listed: true, threads: [thread], wide: false, proof: 'none' },
      what: `messages of conversation ${thread.graphId}`,
      next: end.kind === 'goesOn' ? end.next : null,
      watermark: end.kind === 'goesOn' ? null : end.watermark,
    };
  }
  if (checkpoint.sizes.messages === 0) return null;
  return {
    kind: 'otherwise',
    next: { ...checkpoint, sizes: { ...checkpoint.sizes, messages: 0 }, goodPages: 0 },
  };
}

/** Of which page of the edge it is: one that began at the top with nothing read before, and was the last one of its round. */
export function provesRound(
  checkpoint: MessengerCheckpoint,
  page: { isLastOfRound: boolean; isOrdered: boolean },
): boolean {
  const sawOneMoment = checkpoint.position === null && checkpoint.reached === null && !checkpoint.catchingUp;
  // The whole Page in one call needs no order; that nothing below is news does.
  const isSound = checkpoint.round === null || page.isOrdered;
  return checkpoint.proof === 'open' && page.isLastOfRound && sawOneMoment && isSound;
}

/** The top of a round, from its first page that shows any conversation. */
export function topOf({ top }: MessengerCheckpoint, places: readonly Place[]): MessengerCheckpoint['top'] {
  if (top !== null) return top;
  const time = places.reduce<string | null>((newest, { updatedTime }) => {
    return newest === null || updatedTime > newest ? updatedTime : newest;
  }, null);
  if (time === null) return null;
  const from = before(time);
  return { time, graphIds: places.flatMap(({ id, updatedTime }) => (updatedTime < from ? [] : [id])) };
}

/** Where a round ends: as far below as an incremental walk goes, because a change may show a little after its time. */
export function roundFloor({ round }: MessengerCheckpoint): string | null {
  return round === null ? null : before(round.since);
}

/**
 * Whether a conversation is news to the round: it may have jumped, and was not on the page where the round before began.
 * One whose time cannot be read may be anything.
 */
export function isNews({ round }: MessengerCheckpoint, { id, updatedTime }: Partial<Place>): boolean {
  if (round === null || updatedTime === undefined || updatedTime > round.since) return true;
  return updatedTime >= before(round.since) && (id === undefined || !round.known.includes(id));
}

function before(time: string): string {
  return new Date(Date.parse(time) - OVERLAP_MS).toISOString();
}

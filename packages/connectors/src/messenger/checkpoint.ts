import { z } from 'zod';
import type { MessengerConfig } from './config.ts';

/**
 * How far the Page is known to be complete: the newest `updated_time` that was seen at the start of the last walk
 * that came to its end. Null: that walk found no conversation.
 */
export const messengerWatermark = z.strictObject({ updatedTime: z.iso.datetime().nullable() });
export type MessengerWatermark = z.infer<typeof messengerWatermark>;

const sizes = z.strictObject({
  conversations: z.int().min(1),
  /** Messages that come nested with a conversation; 0: those of each conversation are asked for alone. */
  messages: z.int().min(0),
  /** Messages per further page of one conversation. */
  furtherMessages: z.int().min(1),
});

/** Where a walk stands. Flat and small: what is stacked are the conversations of one page at most. */
export const messengerCheckpoint = z.strictObject({
  v: z.literal(1),
  /** Newest `updated_time` on the first page, frozen there; becomes the watermark when the walk is complete. */
  ceiling: z.iso.datetime().nullable(),
  /** Conversations older than this are known to be complete; null: nothing is known. */
  floor: z.iso.datetime().nullable(),
  /** Position on the edge of conversations; null: its top. */
  position: z.string().nullable(),
  /** The edge of conversations was walked as far as needed; only further messages remain. */
  listed: z.boolean(),
  /** Conversations that have further pages of messages, the next one first. */
  threads: z.array(
    z.strictObject({
      graphId: z.string(),
      senderId: z.string(),
      /** Null: from the newest message on. */
      position: z.string().nullable(),
      /** Oldest message that is stored of it in this walk. */
      reached: z.iso.datetime().nullable(),
      /** On the way back to `reached` after a cursor was lost: only ids and times are asked for. */
      catchingUp: z.boolean(),
    }),
  ),
  /** Oldest `updated_time` this walk came to, and which conversations have just that time. */
  reached: z.strictObject({ time: z.iso.datetime(), graphIds: z.array(z.string()) }).nullable(),
  /** On the way back to `reached` after a cursor was lost: no messages are asked for. */
  catchingUp: z.boolean(),
  /** Newest first, as far as was seen. A source without order is walked whole: nothing is passed over or stopped early. */
  isOrdered: z.boolean(),
  /** Cursors lost in this walk. */
  restarts: z.int().nonnegative(),
  sizes,
  /** Pages since the last time a page was too large; the sizes grow again after some. */
  goodPages: z.int().nonnegative(),
  /** The newest conversation on the first page of this round over the edge, and all that were about as new there. */
  top: z
    .strictObject({ time: z.iso.datetime(), graphIds: z.array(z.string()) })
    .nullable()
    .default(null),
  /** A round after the first one, over what is newer than the top of the round before it; see closing.ts. */
  round: z
    .strictObject({ number: z.int().positive(), since: z.iso.datetime(), known: z.array(z.string()) })
    .nullable()
    .default(null),
  /** What this round had to read took more than one page of conversations: what jumped to the top meanwhile was missed. */
  wide: z.boolean().default(false),
  /** `open`: of a full walk, to be proved; `proved`: all there is was seen; `none`: nobody asks, or it cannot be. */
  proof: z.enum(['none', 'open', 'proved']).default('none'),
});
export type MessengerCheckpoint = z.infer<typeof messengerCheckpoint>;

/**
 * An incremental walk goes this far below the watermark: times of the Graph API have whole seconds, and a change may
 * become visible a little after its own time.
 */
export const OVERLAP_MS = 60_000;

/** 100 is reported to be safe for messages; more only when the user asked for more. */
const FURTHER_MESSAGES = 100;

/** Lost cursors in one walk: beyond this, pages that cannot be had are set aside. */
const RESTARTS_MAX = 10;
const ORDER_BREAKS_MAX = 3;

/** Good pages in a row after which a reduced size is doubled. */
const GROW_AFTER_PAGES = 5;

export function fullSizes(config: MessengerConfig): MessengerCheckpoint['sizes'] {
  return {
    conversations: config.pageSize,
    messages: config.messagesPerConversation,
    furtherMessages: Math.max(FURTHER_MESSAGES, config.messagesPerConversation),
  };
}

export function startWalk(
  config: MessengerConfig,
  watermark: MessengerWatermark | null,
): MessengerCheckpoint {
  const known = watermark?.updatedTime ?? null;
  return {
    v: 1,
    ceiling: null,
    floor: known === null ? null : new Date(Date.parse(known) - OVERLAP_MS).toISOString(),
    position: null,
    listed: false,
    threads: [],
    reached: null,
    catchingUp: false,
    isOrdered: true,
    restarts: 0,
    sizes: fullSizes(config),
    goodPages: 0,
    top: null,
    round: null,
    wide: false,
    proof: known === null ? 'open' : 'none',
  };
}

/** Asks for less: first fewer conversations, then fewer messages with each; null when it cannot be less. */
export function shrinkWalk(checkpoint: MessengerCheckpoint): MessengerCheckpoint | null {
  const { sizes } = checkpoint;
  const half = (size: number) => Math.max(1, Math.floor(size / 2));
  const key =
    checkpoint.threads.length > 0
      ? 'furtherMessages'
      : sizes.conversations > 1
        ? 'conversations'
        : 'messages';
  if (sizes[key] <= 1) return null;
  return { ...checkpoint, sizes: { ...sizes, [key]: half(sizes[key]) }, goodPages: 0 };
}

/** Grows reduced sizes again, by doubling, after enough good pages. */
export function afterGoodPage(checkpoint: MessengerCheckpoint, config: MessengerConfig): MessengerCheckpoint {
  const full = fullSizes(config);
  const isReduced = (Object.keys(full) as (keyof typeof full)[]).some(
    (key) => checkpoint.sizes[key] < full[key],
  );
  if (!isReduced) return { ...checkpoint, goodPages: 0 };
  if (checkpoint.goodPages + 1 < GROW_AFTER_PAGES)
    return { ...checkpoint, goodPages: checkpoint.goodPages + 1 };
  const grow = (key: keyof typeof full) => Math.min(full[key], Math.max(1, checkpoint.sizes[key] * 2));
  const sizes = {
    conversations: grow('conversations'),
    messages: grow('messages'),
    furtherMessages: grow('furtherMessages'),
  };
  return { ...checkpoint, sizes, goodPages: 0 };
}

/** Whether nothing is left to read. */
export function isWalked(checkpoint: MessengerCheckpoint): boolean {
  return checkpoint.listed && checkpoint.threads.length === 0;
}

/**
 * Finds the way again without the cursor: from the top, asking for nothing but ids and times until the walk is back where
 * it was. Null when no cursor was used, or too many were lost.
 */
export function restartWalk(checkpoint: MessengerCheckpoint): MessengerCheckpoint | null {
  if (!maySuspect(checkpoint)) return null;
  const restarts = checkpoint.restarts + 1;
  const [thread, ...threads] = checkpoint.threads;
  if (thread === undefined) {
    if (checkpoint.position === null) return null;
    // Order that breaks again and again is none.
    const isOrdered = checkpoint.isOrdered && restarts < ORDER_BREAKS_MAX;
    return {
      ...checkpoint,
      position: null,
      catchingUp: isOrdered && checkpoint.reached !== null,
      isOrdered,
      restarts,
    };
  }
  if (thread.position === null) return null;
  const anew = { ...thread, position: null, catchingUp: checkpoint.isOrdered && thread.reached !== null };
  return { ...checkpoint, threads: [anew, ...threads], restarts };
}

/** A source that loses cursors all the time is walked as it comes. */
export function maySuspect(checkpoint: MessengerCheckpoint): boolean {
  return checkpoint.restarts < RESTARTS_MAX;
}

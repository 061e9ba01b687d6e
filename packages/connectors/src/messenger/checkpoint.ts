import type { SetAside } from '@tidemark/core/connector';
import { z } from 'zod';
import type { MessengerConfig } from './config.ts';

/**
 * How far the Page is known to be complete: the newest `updated_time` that was seen at the start of the last walk
 * that came to its end. Null: that walk found no conversation.
 */
export const messengerWatermark = z.strictObject({ updatedTime: z.iso.datetime().nullable() });
export type MessengerWatermark = z.infer<typeof messengerWatermark>;

/** Ids and times are small. */
const CATCH_UP = 100;

const sizes = z.strictObject({
  conversations: z.int().min(1),
  /** Messages that come nested with a conversation; 0: those of each conversation are asked for alone. */
  messages: z.int().min(0),
  /** Messages per further page of one conversation. */
  furtherMessages: z.int().min(1),
  /** Conversations per call while only ids and times are asked for. */
  catchUp: z.int().min(1).default(CATCH_UP),
});

/** Where a walk stands. Flat and small: what is stacked are the conversations of one page at most. */
export const messengerCheckpoint = z.strictObject({
  v: z.literal(1),
  /** Newest `updated_time` on the first page of this pass, frozen there; that of the last pass becomes the watermark. */
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
  /** Which conversations had the time of the ceiling on that page. */
  ceilingIds: z.array(z.string()).default([]),
  /** What the pass had to read took more than one page: what jumped to the top meanwhile was passed over. */
  wide: z.boolean().default(false),
  /** A further pass, for what jumped to the top during the one before, which began at these conversations. */
  pass: z
    .strictObject({ bottom: z.iso.datetime(), bottomIds: z.array(z.string()), count: z.int().positive() })
    .nullable()
    .default(null),
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

/** Passes from the top. Each is as long as what changed during the one before, so that few are needed. */
const PASSES_MAX = 20;

/** Good pages in a row after which a reduced size is doubled. */
const GROW_AFTER_PAGES = 5;

export function fullSizes(config: MessengerConfig): MessengerCheckpoint['sizes'] {
  return {
    conversations: config.pageSize,
    messages: config.messagesPerConversation,
    furtherMessages: Math.max(FURTHER_MESSAGES, config.messagesPerConversation),
    catchUp: CATCH_UP,
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
    ceilingIds: [],
    wide: false,
    pass: null,
  };
}

/** Asks for less: first fewer conversations, then fewer messages with each; null when it cannot be less. */
export function shrinkWalk(checkpoint: MessengerCheckpoint): MessengerCheckpoint | null {
  const { sizes } = checkpoint;
  const half = (size: number) => Math.max(1, Math.floor(size / 2));
  const key =
    checkpoint.threads.length > 0
      ? 'furtherMessages'
      : asksForTimes(checkpoint)
        ? 'catchUp'
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
    catchUp: grow('catchUp'),
  };
  return { ...checkpoint, sizes, goodPages: 0 };
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
    return {
      kind: 'without',
      failed: { ...checkpoint, position: null, listed: true, threads: [thread], wide: false },
      what: `messages of conversation ${thread.graphId}`,
      ...goOn({ ...checkpoint, threads, goodPages: 0 }),
    };
  }
  if (checkpoint.sizes.messages === 0) return null;
  return {
    kind: 'otherwise',
    next: { ...checkpoint, sizes: { ...checkpoint.sizes, messages: 0 }, goodPages: 0 },
  };
}

/** Whether conversations are asked for without their messages because most of them are known. */
export function asksForTimes({ catchingUp, pass }: MessengerCheckpoint): boolean {
  return catchingUp || pass !== null;
}

/** Below this a pass has nothing to read. */
export function bottomOf({ pass, floor }: MessengerCheckpoint): string | null {
  return pass === null ? floor : pass.bottom;
}

/**
 * Where the walk goes on, and the watermark once it is at its end.
 *
 * A conversation that gets a message jumps to the top, and a walk that had yet to come to it never does. The next walk finds
 * the message, but takes what is older than its own floor for known. So a pass of several pages is followed by another one
 * from the top, down to where the former began, until one page holds all that is new: nothing jumps within one answer. It
 * asks for ids and times alone, so that it costs one small call when nothing jumped.
 */
export function goOn(walk: MessengerCheckpoint): {
  next: MessengerCheckpoint | null;
  watermark: MessengerWatermark | null;
} {
  if (!walk.listed || walk.threads.length > 0) return { next: walk, watermark: null };
  const bottom = walk.ceiling ?? bottomOf(walk);
  const count = (walk.pass?.count ?? 0) + 1;
  // Without an order there is no top to jump to.
  if (!walk.wide || !walk.isOrdered || bottom === null)
    return { next: null, watermark: { updatedTime: walk.ceiling ?? bottom } };
  // Whoever changes faster than it can be read is read from the same floor the next time.
  if (count >= PASSES_MAX) return { next: null, watermark: { updatedTime: walk.floor } };
  const bottomIds = walk.ceiling === null ? (walk.pass?.bottomIds ?? []) : walk.ceilingIds;
  const top = { ceiling: null, ceilingIds: [], position: null, listed: false, reached: null };
  return {
    next: { ...walk, ...top, catchingUp: false, wide: false, pass: { bottom, bottomIds, count } },
    watermark: null,
  };
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

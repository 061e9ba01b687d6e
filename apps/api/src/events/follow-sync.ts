import { isTerminal } from '@tidemark/core/sync';
import { type Database, getSync, isDatabaseUnavailable, readSyncEvents } from '@tidemark/db';
import type { EventStreamTimes } from '../dependencies.ts';
import { type EventPosition, eventIdOf } from './event-position.ts';
import type { SseSink } from './sse-sink.ts';
import type { WakeSignal } from './wake-signal.ts';

/** Rows read at a time: bounds the memory of a replay. */
const BATCH = 200;

export type EndOfStream = 'done' | 'left' | 'stopping' | 'gone';

export interface FollowedSync {
  db: Database;
  tenantId: string;
  syncId: string;
  from: EventPosition;
  sink: SseSink;
  signal: WakeSignal;
  times: EventStreamTimes;
  isStopping(): boolean;
}

/**
 * Sends what a sync did after a position, then what it does, until it is over.
 *
 * Stored events are sent one by one in the order of their ids. After a batch of them comes one `progress` with the
 * sync as it is then, or `done` once it is over: a snapshot, which is why a replay need not send one per page.
 * While the database is away the stream stays open and goes on when it is back.
 */
export async function followSync(followed: FollowedSync): Promise<EndOfStream> {
  let position = followed.from;
  for (;;) {
    if (followed.sink.isClosed) return 'left';
    if (followed.isStopping()) return 'stopping';
    try {
      const step = await sendBatch(followed, position);
      position = step.position;
      if (step.end !== null) return step.end;
      if (step.isFull) continue;
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
    }
    await followed.signal.wait(followed.times.pollMs);
  }
}

interface Step {
  position: EventPosition;
  isFull: boolean;
  end: EndOfStream | null;
}

async function sendBatch(followed: FollowedSync, from: EventPosition): Promise<Step> {
  const { db, sink, syncId, tenantId } = followed;
  let position = from;
  const rows = await readSyncEvents(db, { syncId, after: position.row, limit: BATCH });
  for (const row of rows) {
    position = { row: row.id, followed: false };
    await sink.send({ id: eventIdOf(position), event: row.type, data: row.data });
    if (sink.isClosed) return { position, isFull: false, end: 'left' };
  }
  if (rows.length === BATCH) return { position, isFull: true, end: null };
  if (position.followed && position.row > 0n) return { position, isFull: false, end: null };

  const sync = await getSync(db, { tenantId, syncId });
  if (sync === null) return { position, isFull: false, end: 'gone' };
  // The sync may have ended after the rows were read: its last events come first.
  const isOver = isTerminal(sync.status) && (await hasNoMore(followed, position));
  if (isTerminal(sync.status) && !isOver) return { position, isFull: true, end: null };
  if (rows.length === 0 && position.followed && !isOver) return { position, isFull: false, end: null };
  position = { row: position.row, followed: true };
  await sink.send({ id: eventIdOf(position), event: isOver ? 'done' : 'progress', data: sync });
  return { position, isFull: false, end: isOver ? 'done' : null };
}

async function hasNoMore(followed: FollowedSync, position: EventPosition): Promise<boolean> {
  const more = await readSyncEvents(followed.db, { syncId: followed.syncId, after: position.row, limit: 1 });
  return more.length === 0;
}

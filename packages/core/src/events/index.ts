/**
 * The catalogue of what happens in the engine. Logs, metrics, server-sent events, alerts and tests subscribe
 * to it; nothing else tells them. Each event has a stable name, a level for the log, and fields that hold ids,
 * numbers and codes, never data or secrets.
 */
export interface EngineEvents {
  'sync.pickedUp': { syncId: string; connectionId: string; seq: number; fencingToken: string };
  'page.committed': {
    syncId: string;
    connectionId: string;
    seq: number;
    stream: string;
    /** What follows was counted and rolled back. */
    dryRun: boolean;
    read: number;
    inserted: number;
    updated: number;
    skipped: number;
    stale: number;
    quarantined: number;
    apiCalls: number;
    durationMs: number;
    done: boolean;
  };
  'page.waiting': { syncId: string; connectionId: string; seq: number; reason: string; untilMs: number };
  'page.retrying': {
    syncId: string;
    connectionId: string;
    seq: number;
    attempt: number;
    code: string;
    message: string;
    delayMs: number;
  };
  'page.setAside': {
    syncId: string;
    connectionId: string;
    seq: number;
    what: string;
    code: string;
    message: string;
  };
  'page.broken': { syncId: string; connectionId: string; seq: number; stack: string };
  'page.superseded': { syncId: string; seq: number; reason: string };
  'sync.failed': { syncId: string; connectionId: string; seq: number; code: string; message: string };
  /** Completed, but with a result that a person should look at. `code` is that of a warning. */
  'sync.suspicious': { syncId: string; connectionId: string; stream: string; code: string };
  'sweep.closed': {
    syncId: string;
    connectionId: string;
    stream: string;
    status: string;
    reason: string | null;
    wouldDelete: number;
    of: number;
    deleted: number;
  };
  'pool.paused': { pool: string; reason: string; untilMs: number };
  'worker.lost': { workerId: string; leases: number };
  'work.recovered': { syncId: string; seq: number; pickup: number; reason: string };
  'outbox.relayed': { count: number };
  /** Pages that waited long enough to be put forward in the queue. */
  'pages.aged': { count: number };
  /** Once for each incident; `forMs`: how long nothing happened when it was found. */
  'sync.stuck': { syncId: string; connectionId: string; seq: number; reason: string; forMs: number };
  /** The end of such an incident: it goes on, waits, or ended. `forMs`: since the last progress before it. */
  'sync.unstuck': { syncId: string; connectionId: string; reason: string; forMs: number };
  /** A lease that ran out and was left behind; it was removed. */
  'lease.outlived': { key: string; owner: string; fencingToken: string; expiredForMs: number };
  /** `lateMs`: how long after its time, by PostgreSQL's clock, the tick was carried out. */
  'schedule.ticked': { connectionId: string; syncId: string; lateMs: number };
  'schedule.skipped': { connectionId: string; reason: string; lateMs: number };
  /** Job schedulers that the queue had lost or kept in vain. */
  'schedules.healed': { restored: number; removed: number };
  /** A delivery that was not taken in: a wrong signature, a body that is none. */
  'webhook.refused': { source: string; reason: string };
  /** `eventsWritten` rows came of `events` events; `waiting` accounts have no connection yet. */
  'delivery.processed': {
    deliveryId: string;
    source: string;
    status: string;
    events: number;
    eventsWritten: number;
    quarantined: number;
    ignored: number;
    waiting: number;
  };
  /** Each conversation a delivery wrote to, with what the write itself told. */
  'conversation.notified': {
    deliveryId: string;
    connectionId: string;
    conversationId: string;
    version: number;
    isNew: boolean;
    eventsWritten: number;
  };
  'delivery.retrying': {
    deliveryId: string;
    source: string;
    attempt: number;
    message: string;
    delayMs: number;
  };
  'delivery.dead': { deliveryId: string; source: string; attempts: number; message: string };
  /** Deliveries nobody had told the queue of. */
  'deliveries.recovered': { count: number };
  /** The source stopped telling by itself; `missing` is what it should tell and did not. */
  'subscription.lost': { connectionId: string; missing: string };
  'subscription.renewed': { connectionId: string };
  /** Whether a source still tells could not be found out, or it could not be made to. */
  'subscription.unknown': { connectionId: string; message: string };
  /** A sync that is to bring what the source did not tell. */
  'gap.syncStarted': { connectionId: string; syncId: string; reason: string };
  'retention.cleared': { deliveries: number; idempotencyKeys: number };
  /** `status`: the HTTP status of the answer; null when none came. `retryAfterSeconds` is null after the last attempt. */
  'event.undelivered': {
    eventId: string;
    subscriberId: string;
    attempt: number;
    status: number | null;
    message: string;
    retryAfterSeconds: number | null;
  };
  'subscriber.disabled': { subscriberId: string; message: string };
}

export type EngineEventName = keyof EngineEvents;

/** The level each event has in the log. Total: a new event does not compile without one. */
export const EVENT_LEVELS: Readonly<Record<EngineEventName, 'debug' | 'info' | 'warn' | 'error'>> = {
  'sync.pickedUp': 'debug',
  'page.committed': 'info',
  'page.waiting': 'info',
  'page.retrying': 'warn',
  'page.setAside': 'error',
  'page.broken': 'error',
  'page.superseded': 'info',
  'sync.failed': 'error',
  'sync.suspicious': 'warn',
  'sweep.closed': 'info',
  'pool.paused': 'warn',
  'worker.lost': 'warn',
  'work.recovered': 'warn',
  'outbox.relayed': 'debug',
  'pages.aged': 'debug',
  'sync.stuck': 'error',
  'sync.unstuck': 'info',
  'lease.outlived': 'warn',
  'schedule.ticked': 'info',
  'schedule.skipped': 'info',
  'schedules.healed': 'warn',
  'webhook.refused': 'warn',
  'delivery.processed': 'info',
  'conversation.notified': 'debug',
  'delivery.retrying': 'warn',
  'delivery.dead': 'error',
  'deliveries.recovered': 'info',
  'subscription.lost': 'warn',
  'subscription.renewed': 'info',
  'subscription.unknown': 'warn',
  'gap.syncStarted': 'info',
  'retention.cleared': 'info',
  'event.undelivered': 'warn',
  'subscriber.disabled': 'error',
};

export type EngineListener = <N extends EngineEventName>(name: N, fields: EngineEvents[N]) => void;

/** What the log has to be able to do. */
type LevelLogger = Record<'debug' | 'info' | 'warn' | 'error', (line: object) => void>;

/** The log as one subscriber of the catalogue: an event's name and fields are the line's fields. */
export function logEvents(events: Pick<EventBus, 'subscribe'>, logger: LevelLogger): () => void {
  return events.subscribe((name, fields) => logger[EVENT_LEVELS[name]]({ event: name, ...fields }));
}

/** A subscriber list. A listener that throws is a bug in the listener and does not reach the engine. */
export interface EventBus {
  emit: EngineListener;
  subscribe(listener: EngineListener): () => void;
}

export function createEventBus(onListenerError: (error: unknown) => void): EventBus {
  const listeners = new Set<EngineListener>();
  return {
    emit: (name, fields) => {
      for (const listener of listeners) {
        try {
          listener(name, fields);
        } catch (error) {
          onListenerError(error);
        }
      }
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

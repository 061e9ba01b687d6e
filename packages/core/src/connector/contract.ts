import type { z } from 'zod';
import type { InvalidRecord, NotifiedRecords, StreamRecords, SweepableKind } from '../records/index.ts';
import type { SourceNews } from '../subscriptions/index.ts';
import type { SchemaReading } from '../validation/index.ts';

/** One call to a source. The URL holds no secret: credentials go into headers, which are never logged. */
export interface SourceRequest {
  url: string;
  method?: 'GET' | 'POST' | 'DELETE';
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

export interface SourceAnswer {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: string;
  /** When the source answered, by its own `Date` header where it sent one; epoch milliseconds. */
  answeredAtMs: number;
}

/**
 * How a connector reaches its source. The engine supplies it: it counts calls, feeds usage headers to the rate
 * limiter, applies time-outs, and throws SourceError (`transient`) when no answer came.
 */
export interface SourceIo {
  fetch(request: SourceRequest): Promise<SourceAnswer>;
}

/** A rate limit budget of the source. The name is the same for every connection that spends from it. */
export interface PoolDeclaration {
  pool: string;
  maxCalls: number;
  perSeconds: number;
  maxConcurrent: number | null;
}

/** What an answer told about a budget: the share that is spent, and how long to keep off if it is exhausted. */
export interface PoolUsage {
  pool: string;
  /** 0 is unused, 1 exhausted; may exceed 1. */
  usedShare: number;
  pauseForMs: number | null;
}

/** What becomes of a walk when one of its pages cannot be had. */
export type SetAside<Checkpoint, Watermark> =
  /** Nothing is left out yet: `next` asks for the same in another way, which may tell the bad part from the good. */
  | { kind: 'otherwise'; next: Checkpoint }
  | {
      kind: 'without';
      /** Asks for what was left out, alone, later. */
      failed: Checkpoint;
      /** What was left out, for people. */
      what: string;
      /** Null: nothing else is left to walk. */
      next: Checkpoint | null;
      /** Read when `next` is null, as that of a page. */
      watermark: Watermark | null;
    };

/**
 * Where the walk stands in one of the many parts a source is made of, such as a file that grows: how far what is stored
 * goes. Kept by the engine in the transaction of the page that moved it, so it outlives the sync, whatever becomes of
 * that. Forgotten by a reset; a full walk does not ask for it.
 */
export interface PositionChange {
  /** The part; unique within the stream. */
  key: string;
  /** JSON; null: the part is gone, and so is its position. */
  position: unknown;
}

/** The positions of a stream as they are stored, in the order of their keys' code points. */
export interface PositionReader {
  /** Those with `after < key <= through`; null stands for the beginning, and the end. */
  between(range: { after: string | null; through: string | null }): Promise<ReadonlyMap<string, unknown>>;
}

/** What was decided about a part of the source without reading it, and why: for the report of the sync. */
export interface SkipDecision {
  /** What it is about, as the report names it. */
  subject: string;
  reason: string;
}

export interface StartContext<Config, Watermark> {
  config: Config;
  /** As the connector's `syncOptions` read them; left out when none were given. */
  options?: unknown;
  /** How far this stream is known to be complete; null asks for everything. */
  watermark: Watermark | null;
}

export interface FetchContext<Config, Credentials, Checkpoint> {
  config: Config;
  credentials: Credentials;
  checkpoint: Checkpoint;
  io: SourceIo;
  positions: PositionReader;
  /** Aborted when the sync is cancelled or paused, or its lease was lost. */
  signal: AbortSignal;
}

/** What one call brought. `Page` is the unit of work: one call to the source, one transaction. */
export interface Page<Checkpoint, Watermark> {
  records: StreamRecords[];
  invalid: InvalidRecord[];
  /** Where to go on; null when the stream is complete. */
  next: Checkpoint | null;
  /** What the watermark becomes if the sync completes. Only read on the last page. */
  watermark: Watermark | null;
  /** How many records the source says there are in all, where it tells. */
  total: number | null;
  /**
   * What the schemas saw of this page: its answer, and each of its records, the invalid ones included. Left out by a
   * connector that knows no variations of its source: then the records that were stored passed.
   */
  validation?: readonly SchemaReading[];
  /**
   * Read on the last page of a stream that declares `sweeps`: the walk proved that it saw everything there is, what
   * moved meanwhile included. Left out or false: nothing is taken for vanished.
   */
  isWhole?: boolean;
  /** For sources of many parts; stored with the records. */
  positions?: PositionChange[];
  skips?: SkipDecision[];
}

/** Tells when a source changed, where that can be known without asking it. */
export interface SourceWatch<Config> {
  /** Whether this configuration wants to be watched. */
  wanted(config: Config): boolean;
  /**
   * Calls `onChange` when something may have changed, until `signal` aborts. Too often is harmless, and so is a change
   * that is told while one is being read. Resolves when it has let go of everything; rejects when it cannot watch.
   */
  run(context: { config: Config; signal: AbortSignal; onChange: () => void }): Promise<void>;
}

/**
 * One kind of walk over a source. `fetchPage` turns a checkpoint into exactly one source call; pagination inside
 * pagination is a stack in the checkpoint. It never sleeps, retries, writes or reads a clock.
 */
export interface Stream<Config, Credentials, Checkpoint, Watermark> {
  name: string;
  /** What stores its records. */
  kind: StreamRecords['kind'];
  /**
   * The kind of records a full walk of this stream shows all of, so that what it did not show has vanished from the
   * source and is marked deleted. Left out where absence proves nothing, such as for files that are cleaned away.
   * A record's `InvalidRecord` has the stream of the same name, and the id by which the source names it.
   */
  sweeps?: SweepableKind;
  /**
   * Every walk begins with records that may be known, the newest ones: where there were some, a first page without any
   * is suspicious, of an incremental walk too.
   */
  beginsWithKnown?: boolean;
  checkpoint: z.ZodType<Checkpoint>;
  watermark: z.ZodType<Watermark>;
  start(context: StartContext<Config, Watermark>): Checkpoint;
  fetchPage(context: FetchContext<Config, Credentials, Checkpoint>): Promise<Page<Checkpoint, Watermark>>;
  /**
   * The checkpoint that asks for less in one call, after the source said a page was too large; null when it
   * cannot be smaller. Left out where the source has no such limit.
   */
  shrink?(checkpoint: Checkpoint): Checkpoint | null;
  /**
   * The checkpoint that finds the way again without a cursor that leads nowhere or astray, passing over what the walk
   * already has; null when there is no cursor to distrust, or it was distrusted too often. Left out where the source's
   * cursors do not age.
   */
  restart?(checkpoint: Checkpoint): Checkpoint | null;
  /**
   * How the walk goes on without the page at this checkpoint, which cannot be had; null when the source does not allow
   * it. Left out where pages cannot be told apart before they are read.
   */
  setAside?(checkpoint: Checkpoint): SetAside<Checkpoint, Watermark> | null;
}

/** Erased form, for registries and the engine: checkpoint and watermark are JSON that the stream's schemas read. */
export type AnyStream = Stream<unknown, unknown, unknown, unknown>;

/** A quarantined record, to be read again. */
export interface ReplayRequest<Config> {
  config: Config;
  stream: string;
  raw: unknown;
  /** What it belongs to, as its `InvalidRecord` said; null where it did not. */
  parentId: string | null;
  /** As of when the source vouched for it, ISO 8601. */
  asOf: string;
}

export type ReplayOutcome =
  /** It fits now; parts of it that still do not are `invalid`. */
  | { kind: 'records'; records: StreamRecords[]; invalid: InvalidRecord[] }
  | { kind: 'invalid'; reason: string; path: string };

/** What a delivery says of one account. */
export interface DeliveryPart {
  accountId: string;
  /** What webhooks bring is answered for by conversation, so only these can be brought yet. */
  records: NotifiedRecords[];
  invalid: InvalidRecord[];
  /** Events that were told, whatever became of them. */
  events: number;
  /** What the schemas saw. Those of records add up to `events`, with as many quarantined as there are `invalid`. */
  validation: readonly SchemaReading[];
}

/** What a source sent by itself, read. Nothing of it is left uncounted. */
export interface ParsedDelivery {
  /** False: it is correctly made, but not for this connector; it is kept and nothing is stored of it. */
  isOurs: boolean;
  /** One for each account, in the order of their ids. */
  parts: DeliveryPart[];
  /** How many events there were of kinds that belong to no record, by kind. */
  ignored: ReadonlyMap<string, number>;
}

/** How a source's own notifications are read. Pure. */
export interface WebhookReader {
  /** `body` is JSON text that `parseJson` reads and an object. Throws only for bugs. */
  read(body: string): ParsedDelivery;
}

/** What is needed to ask about a connection outside any sync. */
export interface AccountContext<Config, Credentials> {
  config: Config;
  credentials: Credentials;
  io: SourceIo;
  signal: AbortSignal;
}

/** How the source stands to telling us by itself. */
export interface SubscriptionStatus {
  /** The kinds of news it tells now; empty when it tells nothing. */
  subscribed: readonly string[];
  /** Those it should tell and does not; empty when all is well. */
  missing: readonly string[];
}

/**
 * How a source's notifications are kept coming. Each function is exactly one source call and throws SourceError, as
 * `fetchPage` does.
 */
export interface Subscription<Config, Credentials> {
  /** Whether the user wants it for this connection. */
  isWanted(config: Config): boolean;
  check(context: AccountContext<Config, Credentials>): Promise<SubscriptionStatus>;
  /** Makes the source tell what is missing, beside what it tells already. */
  renew(context: AccountContext<Config, Credentials>, status: SubscriptionStatus): Promise<void>;
  /** The time of the newest record of the account, by the source's own clock. */
  news(context: AccountContext<Config, Credentials>): Promise<SourceNews>;
}

/** A kind of source. Data and one function per stream. */
export interface Connector<Config, Credentials> {
  id: string;
  title: string;
  config: z.ZodType<Config>;
  /** Null for sources that need none. */
  credentials: z.ZodType<Credentials> | null;
  /** The account behind a configuration: two connections to one account are refused. */
  identity(config: Config): string;
  /** Left out by sources without limits: their pages need no ticket. */
  pools?(config: Config): PoolDeclaration[];
  /** What an answer's headers told about the budgets; called for every answer, also for errors. */
  usage?(answer: SourceAnswer, config: Config): PoolUsage[];
  /** What may be asked of a single sync; left out where nothing may. */
  syncOptions?: z.ZodType;
  watch?: SourceWatch<Config>;
  streams: readonly AnyStream[];
  /**
   * Reads a quarantined record again with today's rules. Pure: it calls no source. Left out where records of a source
   * cannot be placed without the page they came with.
   */
  replay?(request: ReplayRequest<Config>): ReplayOutcome;
  /** Left out where the source sends nothing by itself. */
  webhook?: WebhookReader;
  /** Left out where the source needs no asking to send, or does not tell whether it was asked. */
  subscription?: Subscription<Config, Credentials>;
}

export type AnyConnector = Connector<unknown, unknown>;

/** Fixes the types of a connector where it is written; the registry holds the erased form. */
export function defineConnector<Config, Credentials>(
  connector: Connector<Config, Credentials>,
): Connector<Config, Credentials> {
  return connector;
}

export function defineStream<Config, Credentials, Checkpoint, Watermark>(
  stream: Stream<Config, Credentials, Checkpoint, Watermark>,
): Stream<Config, Credentials, Checkpoint, Watermark> {
  return stream;
}

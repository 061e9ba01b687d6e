import { z } from 'zod';
import { PRIORITIES, TRIGGERS } from '../queue/priority.ts';
import { parseSyncStatus, SYNC_STATUSES } from '../sync/statuses.ts';
import { WARNING_CODES } from '../sync/suspicion.ts';
import { SWEEP_DOUBTS, SWEEP_STATUSES } from '../sync/sweep.ts';
import { pageQuerySchema, timestampSchema } from './lists.ts';

export const SYNC_MODES = ['incremental', 'full'] as const;
export type SyncMode = (typeof SYNC_MODES)[number];

/** What a sync is for. A verification without repair is a dry run as well. */
export const SYNC_PURPOSES = ['sync', 'verify'] as const;
export type SyncPurpose = (typeof SYNC_PURPOSES)[number];

const count = z.int().nonnegative();

export const recordCountsSchema = z
  .object({
    read: count,
    inserted: count,
    updated: count,
    skipped: count,
    stale: count,
    quarantined: count,
    deleted: count,
  })
  .meta({
    id: 'RecordCounts',
    description: 'read = inserted + updated + skipped + stale + quarantined',
  });

export const sweepSchema = z
  .object({
    stream: z.string(),
    status: z.enum(SWEEP_STATUSES).meta({
      description:
        'walking: the walk is not over. swept: done. held: it would delete more than the connection allows and waits ' +
        'for POST /v1/syncs/:id/sweep. skipped: nothing was deleted, for `reason`. superseded: decided by nobody ' +
        'before a later full sync or a reset. Of a dry run: what would become of it. A dry run or a verification that ' +
        'is held waits for nothing.',
    }),
    reason: z.enum(SWEEP_DOUBTS).nullable(),
    wouldDelete: count.meta({ description: 'Stored records that the source did not show any more.' }),
    of: count.meta({ description: 'Records that were stored when the walk began.' }),
    share: z.number().nullable().meta({ description: '`wouldDelete` of `of`, from 0 to 1.' }),
    maxShare: z.number().meta({ description: 'What the connection allowed unasked.' }),
    deleted: count,
  })
  .meta({ id: 'Sweep' });
export type Sweep = z.infer<typeof sweepSchema>;

export const syncWarningSchema = z
  .object({ code: z.enum(WARNING_CODES), stream: z.string(), message: z.string() })
  .meta({ id: 'SyncWarning', description: 'Something about the result that a person should look at.' });

export const syncSchema = z
  .object({
    id: z.uuid(),
    connectionId: z.uuid(),
    connector: z.string(),
    mode: z.enum(SYNC_MODES),
    trigger: z.enum(TRIGGERS),
    dryRun: z.boolean().meta({
      description: 'Records were counted as they would be written, and none was.',
    }),
    purpose: z.enum(SYNC_PURPOSES).meta({
      description: 'verify: walked the source again to compare; with `dryRun: false` also to repair.',
    }),
    priority: z.enum(PRIORITIES),
    status: z.enum(SYNC_STATUSES),
    partial: z.boolean(),
    progress: z.object({
      pages: count,
      apiCalls: count,
      records: recordCountsSchema,
      total: count.nullable(),
      percent: z.number().nullable(),
      recordsPerSecond: z.number().nullable(),
      etaSeconds: z.number().nullable(),
    }),
    failedPages: count,
    warnings: z.array(syncWarningSchema),
    sweeps: z.array(sweepSchema).meta({
      description: 'Of a full sync, by stream: what became of the records that vanished from the source.',
    }),
    attempt: z.int().positive(),
    nextRetryAt: timestampSchema.nullable(),
    retryOf: z.uuid().nullable(),
    error: z
      .object({
        code: z.string(),
        message: z.string(),
        retryable: z.boolean(),
        action: z.string().optional(),
      })
      .nullable(),
    createdAt: timestampSchema,
    startedAt: timestampSchema.nullable(),
    finishedAt: timestampSchema.nullable(),
    heartbeatAt: timestampSchema.nullable(),
  })
  .meta({ id: 'Sync' });
export type Sync = z.infer<typeof syncSchema>;

export const startSyncSchema = z
  .strictObject({
    mode: z.enum(SYNC_MODES).default('incremental'),
    priority: z.enum(PRIORITIES).default('normal'),
    dryRun: z
      .boolean()
      .default(false)
      .meta({ description: 'Report what would be written, and write nothing.' }),
    options: z.record(z.string(), z.unknown()).optional().meta({
      description: 'What the connector allows to be asked of one sync, such as `maxFiles` of claude-code.',
    }),
  })
  .meta({ id: 'StartSync' });
export type StartSync = z.infer<typeof startSyncSchema>;

export const startVerifySchema = z
  .strictObject({
    repair: z
      .boolean()
      .default(false)
      .meta({
        description:
          'Write what is missing or differs, and mark extra conversations as deleted, as a full sync does. Extra ' +
          'messages are reported only.',
      }),
  })
  .meta({ id: 'StartVerify' });
export type StartVerify = z.infer<typeof startVerifySchema>;

/** Old words are read (E6); anything else is refused with the words that exist. */
const statusFilterSchema = z
  .string()
  .transform((word, context) => {
    const status = parseSyncStatus(word);
    if (status === undefined) {
      context.addIssue({ code: 'custom', message: `must be one of ${SYNC_STATUSES.join(', ')}` });
      return z.NEVER;
    }
    return status;
  })
  .meta({ description: `One of ${SYNC_STATUSES.join(', ')}` });

export const listSyncsQuerySchema = pageQuerySchema.extend({
  connectionId: z.uuid({ error: 'must be a UUID' }).optional(),
  status: statusFilterSchema.optional(),
  connector: z.string().min(1).optional(),
  since: z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with a zone' }).optional(),
  until: z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with a zone' }).optional(),
});
export type ListSyncsQuery = z.infer<typeof listSyncsQuerySchema>;

/** Of a sync, or of one of its jobs (`pending`, `processing`, `success`, `failed`). */
const transitionStatus = z.enum([...SYNC_STATUSES, 'pending', 'processing', 'success']);

export const transitionSchema = z
  .object({
    id: z.string(),
    from: transitionStatus.nullable(),
    to: transitionStatus,
    jobId: z.string().nullable().meta({ description: 'Null: the sync itself; else one of its jobs.' }),
    cause: z.string(),
    worker: z.string().nullable(),
    at: timestampSchema,
  })
  .meta({ id: 'Transition' });
export type Transition = z.infer<typeof transitionSchema>;

/** What can become of a record, as samples are kept of it. `extra` is stored and not at the source. */
export const SAMPLED_OUTCOMES = [
  'inserted',
  'updated',
  'skipped',
  'stale',
  'quarantined',
  'deleted',
  'extra',
] as const;
export type SampledOutcome = (typeof SAMPLED_OUTCOMES)[number];

const fieldValue = z.union([z.string(), z.number(), z.boolean()]).nullable();

export const recordSampleSchema = z
  .object({
    key: z.record(z.string(), z.string()).meta({ description: 'What tells the record from the others.' }),
    changes: z
      .array(z.object({ field: z.string(), from: fieldValue, to: fieldValue }))
      .nullable()
      .meta({ description: 'What would change, cut to 200 characters. Null without the scope `data:read`.' }),
    reason: z.string().optional().meta({ description: 'Why it would be quarantined.' }),
  })
  .meta({ id: 'RecordSample' });
export type RecordSample = z.infer<typeof recordSampleSchema>;

const samples = z.array(recordSampleSchema);
const samplesByOutcome = z.partialRecord(z.enum(SAMPLED_OUTCOMES), samples);
/** As they are stored: outcomes without a record are left out. */
export type StoredSamples = z.infer<typeof samplesByOutcome>;

const findingSchema = z.object({ count, records: samples }).meta({ id: 'Finding' });

export const streamResultSchema = z
  .object({
    stream: z.string(),
    records: recordCountsSchema,
    samples: samplesByOutcome
      .nullable()
      .meta({ description: 'Of a dry run: up to 5 records of each outcome. Null for other syncs.' }),
    findings: z
      .object({
        missing: findingSchema.meta({ description: 'At the source, not stored.' }),
        differing: findingSchema.meta({ description: 'Stored with another content.' }),
        extra: findingSchema.nullable().meta({
          description:
            'Stored, not at the source. Null unless the whole source was walked and could be read.',
        }),
      })
      .nullable()
      .meta({ description: 'Of a verification, with up to 100 records of each. Null for other syncs.' }),
  })
  .meta({ id: 'StreamResult' });
export type StreamResult = z.infer<typeof streamResultSchema>;

export const DECISIONS = ['insert', 'update', 'skip'] as const;

export const listDecisionsQuerySchema = pageQuerySchema.extend({
  decision: z.enum(DECISIONS, { error: `must be one of ${DECISIONS.join(', ')}` }).optional(),
});

export const syncDecisionSchema = z
  .object({
    subject: z.string().meta({ description: 'What it is about: for claude-code, the id of a session.' }),
    decision: z.enum(DECISIONS),
    reason: z.string(),
    inserted: count.meta({ description: 'Records within it that were new.' }),
    updated: count,
    deleted: count,
  })
  .meta({ id: 'SyncDecision' });
export type SyncDecision = z.infer<typeof syncDecisionSchema>;

export const FAILED_PAGE_STATUSES = ['open', 'taken', 'mended', 'failed_again'] as const;

export const failedPageSchema = z
  .object({
    id: z.uuid(),
    stream: z.string(),
    seq: count,
    what: z.string().meta({ description: 'What was left out, in words.' }),
    status: z.enum(FAILED_PAGE_STATUSES).meta({
      description:
        'open: waits for a retry; taken: a retry is at it; mended; failed_again: see the retry itself.',
    }),
    takenBy: z.uuid().nullable().meta({ description: 'The sync that took the page up last.' }),
    attempts: z.int().positive(),
    error: z.object({ code: z.string(), message: z.string() }),
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'FailedPage' });
export type FailedPage = z.infer<typeof failedPageSchema>;

/** What `GET /v1/syncs/:id/events` sends, by event name. */
export const syncPageEventSchema = z.object({
  syncId: z.uuid(),
  seq: count,
  stream: z.string(),
  records: recordCountsSchema,
  apiCalls: count,
  durationMs: z.number(),
  /** The page could not be had and was set aside. */
  failed: z.object({ what: z.string(), code: z.string() }).nullable(),
});
export type SyncPageEvent = z.infer<typeof syncPageEventSchema>;

export { JOB_STATUSES, JOB_TRANSITIONS, type JobStatus } from './job-statuses.ts';
export {
  addCounts,
  NO_RECORDS,
  type Progress,
  progressOf,
  type RecordCounts,
  reconciles,
} from './progress.ts';
export {
  isTerminal,
  LIVE_STATUSES,
  legalPairs,
  type Next,
  parseSyncStatus,
  SYNC_EVENTS,
  SYNC_STATUSES,
  SYNC_TRANSITIONS,
  type SyncEvent,
  type SyncStatus,
  transition,
} from './statuses.ts';
export {
  isStuckLease,
  type LeaseFacts,
  STUCK_AFTER_MS,
  STUCK_REASONS,
  type StuckReason,
  stuckSync,
  type SyncFacts,
} from './stuck.ts';
export {
  judgeResult,
  SMALL_OF_MIN,
  SMALL_SHARE,
  type SyncWarning,
  WARNING_CODES,
  type WarningCode,
} from './suspicion.ts';
export {
  needsApproval,
  SWEEP_DOUBTS,
  SWEEP_SHARE_MAX,
  SWEEP_STATUSES,
  type SweepDoubt,
  type SweepStatus,
} from './sweep.ts';

export {
  type BootstrapLogger,
  type PreparedDatabase,
  prepareDatabase,
} from './bootstrap/prepare-database.ts';
export {
  constraintOf,
  type Database,
  type DatabaseOptions,
  databaseErrorCode,
  isDatabaseUnavailable,
  isTransientConflict,
  openDatabase,
  uniqueViolation,
} from './database.ts';
export { migrate } from './migrate.ts';
export { type ApproveSweepOutcome, approveSweep } from './ops/approve-sweep.ts';
export { authenticateApiKey, type KeyHolder } from './ops/authenticate-api-key.ts';
export { breakLease } from './ops/break-lease.ts';
export { cancelSync } from './ops/cancel-sync.ts';
export { type ClaimDeliveries, type ClaimedDelivery, claimDeliveries } from './ops/claim-deliveries.ts';
export { type ClaimOutcome, claimPage, leaseKey } from './ops/claim-page.ts';
export { clearIdempotencyKeys, clearInbox } from './ops/clear-inbox.ts';
export {
  type CheckClaim,
  claimSubscriptionChecks,
  type SubscriptionCheck,
} from './ops/claim-subscription-checks.ts';
export type { ClosedSweep, ClosedWalk } from './ops/close-walk.ts';
export { type CommitOutcome, commitPage, type PageCommit } from './ops/commit-page.ts';
export { createApiKey } from './ops/create-api-key.ts';
export {
  type CreateConnectionOutcome,
  createConnection,
  type NewConnection,
} from './ops/create-connection.ts';
export { createSubscriber, type NewSubscriber } from './ops/create-subscriber.ts';
export { type DeleteConnectionOutcome, deleteConnection } from './ops/delete-connection.ts';
export { deleteSchedule } from './ops/delete-schedule.ts';
export { type DiscardOutcome, discardQuarantined } from './ops/discard-quarantined.ts';
export { type ConversationEdit, type EditOutcome, editConversation } from './ops/edit-conversation.ts';
export { type AdminKeyOutcome, DEFAULT_TENANT, ensureAdminKey } from './ops/ensure-admin-key.ts';
export { extendLease, releaseLease } from './ops/extend-lease.ts';
export { holdSingleWorker } from './ops/hold-single-worker.ts';
export { type LoadedDelivery, loadDelivery } from './ops/load-delivery.ts';
export { type LoadedPage, loadPage, type PageWork } from './ops/load-page.ts';
export { markSubscriptionLost } from './ops/mark-subscription-lost.ts';
export { noteDelivery } from './ops/note-delivery.ts';
export {
  type FoundStuck,
  forgetStuckSyncs,
  noteStuckSyncs,
  type UnstuckSync,
} from './ops/note-stuck-syncs.ts';
export { pauseSync } from './ops/pause-sync.ts';
export { putTag, removeTag, type TagTarget } from './ops/put-tag.ts';
export { putSchedule, type ScheduleRequest } from './ops/put-schedule.ts';
export { findDueDeliveries, findToldDeliveries, postponeDeliveries } from './ops/recover-deliveries.ts';
export { recordValidation } from './ops/record-validation.ts';
export { buryDeadWorkers, findIdlePages, type LostPage, takeUpPage } from './ops/recover-lost-work.ts';
export { beatWorker, removeWorker } from './ops/register-worker.ts';
export { clearOutbox, type OutboxRow, relayOutbox } from './ops/relay-outbox.ts';
export { releaseForgottenLeases } from './ops/release-forgotten-leases.ts';
export {
  claimIdempotencyKey,
  type IdempotencyClaim,
  type IdempotentRequest,
  releaseIdempotencyKey,
  rememberIdempotentAnswer,
  type StoredAnswer,
} from './ops/remember-idempotent-answer.ts';
export { type OutlivedLease, removeOutlivedLeases } from './ops/remove-outlived-leases.ts';
export { type Replay, type ReplayWritten, replayQuarantined } from './ops/replay-quarantined.ts';
export {
  type DeliveryReach,
  replayDeadWebhookDeliveries,
  replayWebhookDelivery,
} from './ops/replay-webhook-deliveries.ts';
export { reportResponseTimes } from './ops/report-response-times.ts';
export { pausePool, reportUsage } from './ops/report-usage.ts';
export type { Refusal, SyncRequest } from './ops/request-transition.ts';
export { type ResetConnectionOutcome, resetConnection } from './ops/reset-connection.ts';
export { type ResolveConflict, type ResolveOutcome, resolveConflict } from './ops/resolve-conflict.ts';
export { resumeSync } from './ops/resume-sync.ts';
export { type RetryFailedPages, retryFailedPages } from './ops/retry-failed-pages.ts';
export { type RetrySyncOutcome, retrySync } from './ops/retry-sync.ts';
export { revokeApiKey } from './ops/revoke-api-key.ts';
export {
  createAutomationRule,
  deleteAutomationRule,
  type RuleTarget,
  updateAutomationRule,
} from './ops/save-automation-rule.ts';
export { saveCheckpoint } from './ops/save-checkpoint.ts';
export {
  type Attempt,
  abandonAttempt,
  settleFailure,
  settleRetry,
  settleWait,
} from './ops/settle-attempt.ts';
export {
  type NotifiedConversation,
  type WebhookSettlement,
  settleWebhookDelivery,
} from './ops/settle-webhook-delivery.ts';
export {
  type CheckResult,
  type SettledCheck,
  settleSubscriptionCheck,
} from './ops/settle-subscription-check.ts';
export { settleWebhookFailure } from './ops/settle-webhook-failure.ts';
export { type DeliveryResult, type SettledDelivery, settleDelivery } from './ops/settle-delivery.ts';
export { type StartedJob, type StartSync, type StartSyncOutcome, startSync } from './ops/start-sync.ts';
export { type DeliveryJob, type ReceivedDelivery, storeDeliveries } from './ops/store-deliveries.ts';
export { type TickOutcome, takeTick } from './ops/take-tick.ts';
export type { AbsenceFacts } from './ops/track-sweep.ts';
export { type ConnectionChanges, updateConnection } from './ops/update-connection.ts';
export { type LimitPoolChanges, updateLimitPool } from './ops/update-limit-pool.ts';
export {
  deleteSubscriber,
  replayDelivery,
  type SubscriberTarget,
  updateSubscriber,
} from './ops/update-subscriber.ts';
export { countLiveWorkers } from './read/count-live-workers.ts';
export { countMissingMigrations } from './read/count-missing-migrations.ts';
export { findDueTicks } from './read/find-due-ticks.ts';
export { findLostLeases, type HeldPage } from './read/find-lost-leases.ts';
export { type FoundConnection, getConnection } from './read/get-connection.ts';
export { getConnectionState } from './read/get-connection-state.ts';
export { getConversation } from './read/get-conversation.ts';
export { type FoundQuarantined, getQuarantined } from './read/get-quarantined.ts';
export { getSchedule } from './read/get-schedule.ts';
export { getSync } from './read/get-sync.ts';
export type { ListPage } from './read/keyset.ts';
export { lastSyncEventId } from './read/last-sync-event-id.ts';
export { getApiKey, listApiKeys } from './read/list-api-keys.ts';
export {
  getAutomationRule,
  listAutomationFirings,
  listAutomationRules,
} from './read/list-automation-rules.ts';
export { type ConflictsQuery, listConflicts } from './read/list-conflicts.ts';
export { listConversationTags } from './read/list-conversation-tags.ts';
export { listConnections } from './read/list-connections.ts';
export {
  type ConversationPosition,
  type ConversationsQuery,
  listConversations,
} from './read/list-conversations.ts';
export {
  type DeliveriesQuery,
  getWebhookDelivery,
  listWebhookDeliveries,
} from './read/list-webhook-deliveries.ts';
export { listDecisions } from './read/list-decisions.ts';
export { listFailedPages } from './read/list-failed-pages.ts';
export { type InteractionEventPosition, listInteractionEvents } from './read/list-interaction-events.ts';
export { listLeases } from './read/list-leases.ts';
export { listLimitPools } from './read/list-limit-pools.ts';
export { listQuarantine, type QuarantineQuery } from './read/list-quarantine.ts';
export { listResults } from './read/list-results.ts';
export { listScheduleTimings } from './read/list-schedule-timings.ts';
export { listStuckSyncs } from './read/list-stuck-syncs.ts';
export { getSubscriber, listOutgoingDeliveries, listSubscribers } from './read/list-subscribers.ts';
export { listSyncs, type SyncsQuery } from './read/list-syncs.ts';
export { listTransitions } from './read/list-transitions.ts';
export { type ConversationListener, listenConversations } from './read/listen-conversations.ts';
export { listenRevokedLeases } from './read/listen-revoked-leases.ts';
export { listenSyncEvents } from './read/listen-sync-events.ts';
export { readStatistics, type StatisticsWindow } from './read/read-statistics.ts';
export type { PoolState } from './read/pool-states.ts';
export { listWatchable, type WatchableConnection } from './read/list-watchable.ts';
export { positionReader } from './read/position-reader.ts';
export { readSyncEvents, type SyncEventRow } from './read/read-sync-events.ts';
export { readSyncFacts, type SyncWithFacts } from './read/read-sync-facts.ts';
export { readTiming } from './read/read-timing.ts';
export { readTick, type Tick } from './read/read-tick.ts';
export { readValidation } from './read/read-validation.ts';
export {
  type Keyring,
  open as openSecret,
  parseKeyring,
  SecretError,
  seal as sealSecret,
} from './secrets/keyring.ts';

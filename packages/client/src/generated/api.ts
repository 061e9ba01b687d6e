// Generated from docs/openapi.json by `pnpm --filter @tidemark/client generate`. Do not edit.

export interface paths {
    readonly "/healthz": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Liveness */
        readonly get: operations["getHealth"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/readyz": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Readiness: database, migrations, queue */
        readonly get: operations["getReadiness"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/automation-rules": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List automation rules, newest first */
        readonly get: operations["listAutomationRules"];
        readonly put?: never;
        /**
         * Make an automation rule
         * @description Fires once for each message of a contact that fits the condition, and that was sent from now on: messages that were there before fire nothing, whenever they arrive.
         */
        readonly post: operations["createAutomationRule"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/automation-rules/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One automation rule */
        readonly get: operations["getAutomationRule"];
        readonly put?: never;
        readonly post?: never;
        /**
         * Delete an automation rule with its history
         * @description Tags that it set stay.
         */
        readonly delete: operations["deleteAutomationRule"];
        readonly options?: never;
        readonly head?: never;
        /**
         * Change, disable or enable an automation rule
         * @description A condition or a list of actions is replaced as a whole. A rule that is enabled again does not fire for what was sent while it was disabled.
         */
        readonly patch: operations["updateAutomationRule"];
        readonly trace?: never;
    };
    readonly "/v1/automation-rules/{id}/firings": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List what a rule did, newest first */
        readonly get: operations["listAutomationFirings"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/conflicts": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List conflicts, newest first
         * @description Resolved ones are the history, with the edits that `source_wins` replaced.
         */
        readonly get: operations["listConflicts"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/conflicts/{id}/resolve": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Resolve a conflict
         * @description `source` gives the edit up, `local` keeps it until the source changes again, `merge` takes a side for each field in conflict. The sides count as they are now. For a third value, change the record and keep `local`.
         */
        readonly post: operations["resolveConflict"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/connections": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List connections, newest first */
        readonly get: operations["listConnections"];
        readonly put?: never;
        /**
         * Connect an account
         * @description The configuration and credentials are checked against the connector. An account can be connected once; one that was deleted without its rows comes back under its old id.
         */
        readonly post: operations["createConnection"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/connections/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Read a connection */
        readonly get: operations["getConnection"];
        readonly put?: never;
        readonly post?: never;
        /**
         * Delete a connection
         * @description Wipes the credentials and the schedule. What was synced stays, unless `purge=true`, which also works on a connection that was deleted without it before.
         */
        readonly delete: operations["deleteConnection"];
        readonly options?: never;
        readonly head?: never;
        /**
         * Change a connection
         * @description `config` and `credentials` replace what is stored as a whole; the account stays the same. New credentials set the status back to `active`.
         */
        readonly patch: operations["updateConnection"];
        readonly trace?: never;
    };
    readonly "/v1/connections/{id}/reset": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Forget checkpoint and watermark
         * @description The next sync is a full one. Synced rows stay.
         */
        readonly post: operations["resetConnection"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/connections/{id}/schedule": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Read the schedule of a connection */
        readonly get: operations["getSchedule"];
        /**
         * Create or replace the schedule of a connection
         * @description Either `cron` with `timezone`, or `everySeconds`. A tick that finds a live sync, or credentials that the source refused, is skipped and counted; of ticks missed while nothing ran, one is made up for. Putting the same times again keeps the next tick.
         */
        readonly put: operations["putSchedule"];
        readonly post?: never;
        /**
         * Delete the schedule of a connection
         * @description A sync that the schedule started goes on.
         */
        readonly delete: operations["deleteSchedule"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/connections/{id}/state": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Read where a connection stands
         * @description Checkpoint and watermark by stream, the lease, the last sync; `idle` when no sync is live.
         */
        readonly get: operations["getConnectionState"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/connections/{id}/syncs": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Start a sync
         * @description One sync per connection lives at a time; another start is answered 409 with `activeSyncId`. With `dryRun` it counts what it would write and writes none of it; see `GET /v1/syncs/:id/results` for samples.
         */
        readonly post: operations["startSync"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/connections/{id}/timing": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Read when the contacts of a Page write, by hour of the week */
        readonly get: operations["getConnectionTiming"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/connections/{id}/validation": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Read what the schemas saw
         * @description How many responses and records passed, were read by a fallback, or were quarantined, by schema and day (UTC; the last 30 unless said otherwise). Counted in the transactions that stored them.
         */
        readonly get: operations["getValidation"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/connections/{id}/verify": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Compare what is stored with the source, and repair it on request
         * @description Walks the whole source as a sync with `purpose: "verify"`. `GET /v1/syncs/:id/results` tells its findings by stream: missing, differing, extra. With `repair` what is missing or differs is written, and extra conversations are marked as deleted as by a full sync.
         */
        readonly post: operations["verifyConnection"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/conversations": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List conversations, the newest message first */
        readonly get: operations["listConversations"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/conversations/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Read a conversation
         * @description The `ETag` is the version. With a matching `If-None-Match` the answer is 304.
         */
        readonly get: operations["getConversation"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        /**
         * Change a conversation
         * @description `If-Match` must be the ETag you read; 412 with `currentVersion` when it is no longer that. What the source changes later meets the connection's conflict policy. Null takes an edit back.
         */
        readonly patch: operations["updateConversation"];
        readonly trace?: never;
    };
    readonly "/v1/conversations/{id}/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List the events of a conversation, newest first */
        readonly get: operations["listConversationEvents"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/conversations/{id}/tags": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The tags of a conversation, by name */
        readonly get: operations["listConversationTags"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/conversations/{id}/tags/{tag}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        /**
         * Set a tag
         * @description Putting it again changes whether it is automatic.
         */
        readonly put: operations["putConversationTag"];
        readonly post?: never;
        /** Remove a tag */
        readonly delete: operations["deleteConversationTag"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/conversations/{id}/timing": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Read when a contact writes, by hour of the week */
        readonly get: operations["getConversationTiming"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List API keys, newest first */
        readonly get: operations["listApiKeys"];
        readonly put?: never;
        /**
         * Create an API key
         * @description The key is shown this once. Only its hash is stored.
         */
        readonly post: operations["createApiKey"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Revoke an API key
         * @description The key stays in the list, marked as revoked, and stops working within seconds.
         */
        readonly delete: operations["revokeApiKey"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/leases": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List leases by key
         * @description One that is `expired` was not released: its holder was lost. One that is `stuck` needs a look.
         */
        readonly get: operations["listLeases"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/leases/{key}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Break a lease
         * @description Its holder cannot write any more; the page it was at is read again.
         */
        readonly delete: operations["breakLease"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/limits": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List rate limit pools by name
         * @description Those your connections spend from, with what the source last reported.
         */
        readonly get: operations["listLimits"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/limits/{pool}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        /** Change or pause a rate limit pool */
        readonly patch: operations["updateLimit"];
        readonly trace?: never;
    };
    readonly "/v1/quarantine": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List records that failed validation, newest first */
        readonly get: operations["listQuarantine"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/quarantine/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Discard a quarantined record
         * @description It is kept with the status `discarded`, and not opened again unless its content changes.
         */
        readonly delete: operations["discardQuarantined"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/quarantine/{id}/replay": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Replay a quarantined record
         * @description For records that failed because of a rule that has been mended since. 422 with `reason` and `path` when it still does not fit; a part of it that does not is quarantined by itself.
         */
        readonly post: operations["replayQuarantined"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/queues": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Read the queues, the number of workers alive, and which syncs are stuck */
        readonly get: operations["getQueues"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/statistics": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Read figures over the syncs of a window
         * @description Counted from the stored syncs created in the window (the last 30 days unless said otherwise), in all, by day (UTC) and by connection.
         */
        readonly get: operations["getStatistics"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/subscribers": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List subscribers, newest first */
        readonly get: operations["listSubscribers"];
        readonly put?: never;
        /**
         * Subscribe an address to events
         * @description What happens from now on is sent there, signed after the Standard Webhooks specification, at least once and in order within a subject. The secret is shown this once.
         */
        readonly post: operations["createSubscriber"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/subscribers/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One subscriber */
        readonly get: operations["getSubscriber"];
        readonly put?: never;
        readonly post?: never;
        /** Delete a subscriber, with what is still owed to it */
        readonly delete: operations["deleteSubscriber"];
        readonly options?: never;
        readonly head?: never;
        /**
         * Change, disable or enable a subscriber
         * @description One that is enabled again is sent what was still owed to it. What happened while it was disabled is not kept.
         */
        readonly patch: operations["updateSubscriber"];
        readonly trace?: never;
    };
    readonly "/v1/subscribers/{id}/deliveries": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List the deliveries to a subscriber, newest first */
        readonly get: operations["listSubscriberDeliveries"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/subscribers/{id}/deliveries/{deliveryId}/replay": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Send a delivery again
         * @description With the same `webhook-id`, whatever became of it.
         */
        readonly post: operations["replaySubscriberDelivery"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/syncs": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List syncs, newest first
         * @description `since` and `until` are about the time of creation; `until` itself is not included.
         */
        readonly get: operations["listSyncs"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/syncs/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Read a sync with its progress */
        readonly get: operations["getSync"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/syncs/{id}/cancel": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Cancel a sync
         * @description Stops the call in flight and ends the sync. After the answer it writes nothing; what it stored before stays. 409 tells the status it is in (`from`) and the one it cannot go to (`to`).
         */
        readonly post: operations["cancelSync"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/syncs/{id}/decisions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List what a sync decided about each thing it came by, and why
         * @description For connectors that report on each: claude-code, for sessions.
         */
        readonly get: operations["listDecisions"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/syncs/{id}/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Follow a sync over server-sent events
         * @description Events: `transition` and `page` as they were stored, `progress` and `done` with the whole sync. The stream ends after `done`. A client that comes back with the last id it saw gets exactly the rest; 204 means there is none.
         */
        readonly get: operations["streamSyncEvents"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/syncs/{id}/failed-pages": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List the pages a sync could not have and went on without */
        readonly get: operations["listFailedPages"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/syncs/{id}/history": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List the transitions of a sync and its jobs, oldest first */
        readonly get: operations["getSyncHistory"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/syncs/{id}/pause": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Pause a sync
         * @description Stops the call in flight and keeps the checkpoint. After the answer nothing is written until the sync is resumed. 409 tells the status it is in (`from`) and the one it cannot go to (`to`).
         */
        readonly post: operations["pauseSync"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/syncs/{id}/results": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Read the counted results of a sync by stream
         * @description All streams in one page: a connector has a handful of them. A dry run has samples, a verification its findings; what they say of the content of records needs the scope `data:read` as well.
         */
        readonly get: operations["getSyncResults"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/syncs/{id}/resume": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Resume a paused sync
         * @description Goes on from the checkpoint, on any worker, without waiting for the one that was at it before. 409 tells the status it is in (`from`) and the one it cannot go to (`to`).
         */
        readonly post: operations["resumeSync"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/syncs/{id}/retry": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Retry a failed or cancelled sync from its checkpoint, or the failed pages of a partial one
         * @description Starts a new sync (`trigger: "retry"`, `retryOf`). That of a failed or cancelled sync goes on where the other one stopped, without reading again what that one stored, as long as no other sync of the connection started since. That of a completed sync that is `partial` reads its failed pages only.
         */
        readonly post: operations["retrySync"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/syncs/{id}/sweep": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Approve the deletions a full sync asked about
         * @description A full sync that would mark more records as deleted than the connection allows keeps them and holds its sweep. This carries it out: records are marked as deleted, except those that were written or shown by the source since. 409 when nothing is held, or a later full sync or a reset took its place.
         */
        readonly post: operations["approveSweep"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/webhook-deliveries": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List the inbox, newest first
         * @description Dead letters with `status=dead`. Those that belong to no connection (not read yet, unknown accounts, other objects) are shown to keys with the scope `admin` only.
         */
        readonly get: operations["listWebhookDeliveries"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/webhook-deliveries/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Look at a webhook delivery, with its body */
        readonly get: operations["getWebhookDelivery"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/webhook-deliveries/{id}/replay": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Process a webhook delivery anew
         * @description For dead letters, and for any other one too: what is stored already is left as it is.
         */
        readonly post: operations["replayWebhookDelivery"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/webhook-deliveries/replay": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Process all dead letters anew
         * @description Takes the oldest 1000; `more` says whether to ask again.
         */
        readonly post: operations["replayWebhookDeliveries"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        readonly ApiKey: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly createdAt: string;
            /** Format: uuid */
            readonly id: string;
            readonly lastUsedAt: string | null;
            readonly name: string;
            readonly revokedAt: string | null;
            readonly scopes: readonly ("connections:read" | "connections:write" | "syncs:read" | "syncs:write" | "data:read" | "data:write" | "operations:read" | "operations:write" | "admin")[];
        };
        readonly AutomationCondition: {
            /**
             * @description Which kinds of events of the contact.
             * @default [
             *       "message"
             *     ]
             */
            readonly eventTypes: readonly ("message" | "postback" | "referral" | "optin" | "reaction")[];
            /**
             * @description Only the first message of a contact: none that is older is known. At most once per conversation.
             * @default false
             */
            readonly firstMessageOnly: boolean;
            /**
             * @description The text, as it was sent, contains or is one of these. Case, width and runs of white space do not count. Null: any text, and none.
             * @default null
             */
            readonly text: {
                readonly anyOf: readonly string[];
                /** @enum {string} */
                readonly match: "contains" | "equals";
            } | null;
        };
        readonly AutomationConditionInput: {
            /**
             * @description Which kinds of events of the contact.
             * @default [
             *       "message"
             *     ]
             */
            readonly eventTypes?: readonly ("message" | "postback" | "referral" | "optin" | "reaction")[];
            /**
             * @description Only the first message of a contact: none that is older is known. At most once per conversation.
             * @default false
             */
            readonly firstMessageOnly?: boolean;
            /**
             * @description The text, as it was sent, contains or is one of these. Case, width and runs of white space do not count. Null: any text, and none.
             * @default null
             */
            readonly text?: {
                readonly anyOf: readonly string[];
                /** @enum {string} */
                readonly match: "contains" | "equals";
            } | null;
        };
        readonly AutomationFiring: {
            /** @description What was done. */
            readonly actions: readonly ({
                /**
                 * @description An automatic tag is removed by the contact's next reply.
                 * @default false
                 */
                readonly automatic: boolean;
                readonly tag: string;
                /** @constant */
                readonly type: "add_tag";
            } | {
                readonly tag: string;
                /** @constant */
                readonly type: "remove_tag";
            } | {
                /**
                 * @description Is sent along.
                 * @default null
                 */
                readonly message: string | null;
                /** @constant */
                readonly type: "notify";
            })[];
            /** Format: uuid */
            readonly conversationId: string;
            /** Format: uuid */
            readonly eventId: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly firedAt: string;
            /** Format: uuid */
            readonly id: string;
            readonly messageId: string | null;
            /** Format: uuid */
            readonly ruleId: string;
        };
        readonly AutomationRule: {
            /** @description What is done, in this order. `notify` sends `automation.notified` to the subscribers. */
            readonly actions: readonly ({
                /**
                 * @description An automatic tag is removed by the contact's next reply.
                 * @default false
                 */
                readonly automatic: boolean;
                readonly tag: string;
                /** @constant */
                readonly type: "add_tag";
            } | {
                readonly tag: string;
                /** @constant */
                readonly type: "remove_tag";
            } | {
                /**
                 * @description Is sent along.
                 * @default null
                 */
                readonly message: string | null;
                /** @constant */
                readonly type: "notify";
            })[];
            /**
             * Format: date-time
             * @description When it was last enabled. It never fires for what happened before.
             */
            readonly activeSince: string;
            readonly condition: components["schemas"]["AutomationCondition"];
            /** @description Null: all connections. */
            readonly connectionId: string | null;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly createdAt: string;
            readonly enabled: boolean;
            /** Format: uuid */
            readonly id: string;
            readonly name: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly updatedAt: string;
        };
        readonly Conflict: {
            /** @description The version of the record the edit was made at. */
            readonly baseVersion: number;
            /** Format: uuid */
            readonly connectionId: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly createdAt: string;
            readonly fields: {
                readonly [key: string]: components["schemas"]["ConflictedField"];
            };
            /** Format: uuid */
            readonly id: string;
            /**
             * Format: uuid
             * @description Of `conversations`: the id of the conversation.
             */
            readonly recordId: string;
            /** @description `source`, `local`, `merge`: a person chose. `policy`: the policy of the connection did. `obsolete`: the two sides came to agree. */
            readonly resolution: ("source" | "local" | "merge" | "policy" | "obsolete") | null;
            readonly resolvedAt: string | null;
            /** @enum {string} */
            readonly status: "open" | "resolved";
            readonly stream: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly updatedAt: string;
        };
        readonly ConflictedField: {
            /** @description What the source said when the edit was made. */
            readonly base: string | null;
            /** @description What a person made of it. */
            readonly local: string;
            /** @description What the source says. */
            readonly source: string | null;
        };
        readonly Connection: {
            readonly config: {
                readonly [key: string]: unknown;
            };
            /** @enum {string} */
            readonly conflictPolicy: "source_wins" | "local_wins" | "manual";
            readonly connector: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly createdAt: string;
            /** @description Credentials are stored encrypted and never returned. */
            readonly hasCredentials: boolean;
            /** Format: uuid */
            readonly id: string;
            readonly name: string;
            /** @enum {string} */
            readonly status: "active" | "needs_reauth";
            /** @description A full sync that would mark more than this share of the stored records as deleted asks first. 0 always asks, 1 never; 0.2 unless set. */
            readonly sweepMaxShare: number;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly updatedAt: string;
        };
        readonly ConnectionState: {
            readonly activeSyncId: string | null;
            /** Format: uuid */
            readonly connectionId: string;
            readonly lastSyncId: string | null;
            readonly lease: {
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                readonly acquiredAt: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                readonly expiresAt: string;
                readonly fencingToken: string;
                readonly key: string;
                readonly owner: string;
            } | null;
            /** @enum {string} */
            readonly status: "idle" | "queued" | "running" | "paused" | "completed" | "failed" | "cancelled";
            readonly streams: readonly {
                readonly checkpoint: unknown | null;
                readonly stream: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                readonly updatedAt: string;
                readonly watermark: unknown | null;
            }[];
            /** @description Whether the source tells by itself; null where it was never asked to. */
            readonly subscription: components["schemas"]["SubscriptionState"] | null;
        };
        readonly Conversation: {
            /** Format: uuid */
            readonly connectionId: string;
            readonly conversationStatus: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly createdAt: string;
            readonly deletedAt: string | null;
            readonly graphId: string | null;
            /** Format: uuid */
            readonly id: string;
            readonly lastMessage: string | null;
            readonly lastMessageTime: string | null;
            /** @description What people changed, by field. The field itself shows the local value. */
            readonly localEdits: {
                readonly [key: string]: components["schemas"]["LocalEdit"];
            };
            readonly messageCount: number;
            readonly pageId: string;
            readonly senderId: string;
            readonly senderName: string | null;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly updatedAt: string;
            /** @description Grows by one with each change; also the ETag. */
            readonly version: number;
        };
        readonly ConversationTag: {
            /** @description The contact's next reply removes it. */
            readonly automatic: boolean;
            /**
             * @description Who set it.
             * @enum {string}
             */
            readonly cause: "api" | "rule";
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly createdAt: string;
            /** @description The rule that set it, while that exists. */
            readonly ruleId: string | null;
            readonly tag: string;
        };
        readonly CreateApiKeyInput: {
            readonly name: string;
            readonly scopes: readonly ("connections:read" | "connections:write" | "syncs:read" | "syncs:write" | "data:read" | "data:write" | "operations:read" | "operations:write" | "admin")[];
        };
        readonly CreateAutomationRuleInput: {
            /** @description What is done, in this order. `notify` sends `automation.notified` to the subscribers. */
            readonly actions: readonly ({
                /**
                 * @description An automatic tag is removed by the contact's next reply.
                 * @default false
                 */
                readonly automatic?: boolean;
                readonly tag: string;
                /** @constant */
                readonly type: "add_tag";
            } | {
                readonly tag: string;
                /** @constant */
                readonly type: "remove_tag";
            } | {
                /**
                 * @description Is sent along.
                 * @default null
                 */
                readonly message?: string | null;
                /** @constant */
                readonly type: "notify";
            })[];
            /** @default {} */
            readonly condition?: components["schemas"]["AutomationConditionInput"];
            /** @default null */
            readonly connectionId?: string | null;
            /** @default true */
            readonly enabled?: boolean;
            readonly name: string;
        };
        readonly CreateConnectionInput: {
            readonly config: {
                readonly [key: string]: unknown;
            };
            /**
             * @default source_wins
             * @enum {string}
             */
            readonly conflictPolicy?: "source_wins" | "local_wins" | "manual";
            readonly connector: string;
            readonly credentials?: {
                readonly [key: string]: unknown;
            };
            readonly name: string;
            /** @description A full sync that would mark more than this share of the stored records as deleted asks first. 0 always asks, 1 never; 0.2 unless set. */
            readonly sweepMaxShare?: number;
        };
        readonly CreatedApiKey: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly createdAt: string;
            /** Format: uuid */
            readonly id: string;
            /** @description Shown this once; only its hash is stored. */
            readonly key: string;
            readonly lastUsedAt: string | null;
            readonly name: string;
            readonly revokedAt: string | null;
            readonly scopes: readonly ("connections:read" | "connections:write" | "syncs:read" | "syncs:write" | "data:read" | "data:write" | "operations:read" | "operations:write" | "admin")[];
        };
        readonly CreatedSubscriber: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly createdAt: string;
            readonly description: string;
            readonly disabledReason: string | null;
            /** @description Which events are sent. Empty: all, those of later versions too. */
            readonly eventTypes: readonly ("sync.completed" | "sync.failed" | "sync.cancelled" | "connection.needs_reauth" | "conversation.created" | "message.received" | "message.sent" | "automation.notified")[];
            /** @description Null: the last delivery succeeded. */
            readonly failingSince: string | null;
            /** Format: uuid */
            readonly id: string;
            /** @description Signs the deliveries (Standard Webhooks, `whsec_…`). Shown this once. */
            readonly secret: string;
            /** @enum {string} */
            readonly status: "active" | "disabled";
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly updatedAt: string;
            readonly url: string;
        };
        readonly CreateSubscriberInput: {
            /** @default  */
            readonly description?: string;
            /**
             * @description Which events are sent. Empty: all, those of later versions too.
             * @default []
             */
            readonly eventTypes?: readonly ("sync.completed" | "sync.failed" | "sync.cancelled" | "connection.needs_reauth" | "conversation.created" | "message.received" | "message.sent" | "automation.notified")[];
            /** @description https, without a user name or password. Addresses of internal networks are refused when a delivery is made. */
            readonly url: string;
        };
        readonly DeliveryCounts: {
            /** @description Events of connected accounts that it told */
            readonly events: number;
            /** @description Events that belong to no record, by kind; they are kept in the body only */
            readonly ignored: {
                readonly [key: string]: number;
            };
            readonly quarantined: number;
            /** @description Rows that were new or changed by it */
            readonly written: number;
        };
        readonly FailedPage: {
            readonly attempts: number;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly createdAt: string;
            readonly error: {
                readonly code: string;
                readonly message: string;
            };
            /** Format: uuid */
            readonly id: string;
            readonly seq: number;
            /**
             * @description open: waits for a retry; taken: a retry is at it; mended; failed_again: see the retry itself.
             * @enum {string}
             */
            readonly status: "open" | "taken" | "mended" | "failed_again";
            readonly stream: string;
            /** @description The sync that took the page up last. */
            readonly takenBy: string | null;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly updatedAt: string;
            /** @description What was left out, in words. */
            readonly what: string;
        };
        readonly Finding: {
            readonly count: number;
            readonly records: readonly components["schemas"]["RecordSample"][];
        };
        readonly InteractionEvent: {
            /** Format: uuid */
            readonly conversationId: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly createdAt: string;
            /** @enum {string} */
            readonly direction: "in" | "out";
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly eventTimestamp: string;
            readonly eventType: string;
            /** Format: uuid */
            readonly id: string;
            readonly messageId: string | null;
            readonly metadata: {
                readonly [key: string]: unknown;
            };
            readonly text: string | null;
            readonly version: number;
        };
        readonly Lease: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly acquiredAt: string;
            /** Format: uuid */
            readonly connectionId: string;
            /** @description Ran out without being released: its holder was lost. */
            readonly expired: boolean;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly expiresAt: string;
            readonly fencingToken: string;
            readonly key: string;
            readonly owner: string;
            /** @description Left behind for more than a minute after it ran out, or held at one page for more than ten */
            readonly stuck: boolean;
            /** @description When it ran out, or was taken */
            readonly stuckSince: string | null;
        };
        readonly LimitPool: {
            readonly maxCalls: number;
            readonly maxConcurrent: number | null;
            readonly pausedUntil: string | null;
            readonly perSeconds: number;
            readonly pool: string;
            readonly reason: string | null;
            /** @description How long the last calls took; null when there was none for two minutes */
            readonly responseMs: number | null;
            /** @description Why it is longer than maxCalls and perSeconds ask for; null when it is not */
            readonly slowedBy: ("usage" | "responses") | null;
            /** @description The time between two calls, as it is now */
            readonly spacingMs: number;
            readonly usedShare: number | null;
            /** @description What responseMs is measured by */
            readonly usualResponseMs: number | null;
        };
        readonly LocalEdit: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly editedAt: string;
            /** @description What the source says. */
            readonly sourceValue: string | null;
            readonly value: string;
        };
        readonly OutgoingDelivery: {
            readonly attempts: number;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly createdAt: string;
            readonly deliveredAt: string | null;
            /**
             * Format: uuid
             * @description The `webhook-id` of the delivery: the same at every attempt.
             */
            readonly eventId: string;
            readonly id: string;
            readonly lastError: string | null;
            /** @description The HTTP status of the last answer. */
            readonly lastStatus: number | null;
            readonly nextAttemptAt: string | null;
            /** @enum {string} */
            readonly status: "pending" | "delivered" | "dead";
            /** @description Deliveries of one subject are made in order. */
            readonly subject: string;
            readonly type: string;
        };
        readonly PatchAutomationRuleInput: {
            /** @description What is done, in this order. `notify` sends `automation.notified` to the subscribers. */
            readonly actions?: readonly ({
                /**
                 * @description An automatic tag is removed by the contact's next reply.
                 * @default false
                 */
                readonly automatic?: boolean;
                readonly tag: string;
                /** @constant */
                readonly type: "add_tag";
            } | {
                readonly tag: string;
                /** @constant */
                readonly type: "remove_tag";
            } | {
                /**
                 * @description Is sent along.
                 * @default null
                 */
                readonly message?: string | null;
                /** @constant */
                readonly type: "notify";
            })[];
            readonly condition?: components["schemas"]["AutomationConditionInput"];
            readonly enabled?: boolean;
            readonly name?: string;
        };
        readonly PatchConnectionInput: {
            readonly config?: {
                readonly [key: string]: unknown;
            };
            /** @enum {string} */
            readonly conflictPolicy?: "source_wins" | "local_wins" | "manual";
            readonly credentials?: {
                readonly [key: string]: unknown;
            };
            readonly name?: string;
            /** @description A full sync that would mark more than this share of the stored records as deleted asks first. 0 always asks, 1 never; 0.2 unless set. */
            readonly sweepMaxShare?: number;
        };
        readonly PatchConversationInput: {
            /** @description A word of your own, such as `active`, `done` or `waiting for parts`. */
            readonly conversationStatus?: string | null;
            readonly senderName?: string | null;
        };
        readonly PatchLimitPoolInput: {
            readonly maxCalls?: number;
            readonly maxConcurrent?: number | null;
            readonly pausedUntil?: string | null;
            readonly perSeconds?: number;
        };
        readonly PatchSubscriberInput: {
            readonly description?: string;
            /** @description Which events are sent. Empty: all, those of later versions too. */
            readonly eventTypes?: readonly ("sync.completed" | "sync.failed" | "sync.cancelled" | "connection.needs_reauth" | "conversation.created" | "message.received" | "message.sent" | "automation.notified")[];
            /** @enum {string} */
            readonly status?: "active" | "disabled";
            /** @description https, without a user name or password. Addresses of internal networks are refused when a delivery is made. */
            readonly url?: string;
        };
        readonly Problem: {
            readonly code: string;
            readonly detail: string;
            readonly errors?: readonly {
                readonly message: string;
                readonly pointer: string;
            }[];
            readonly requestId: string;
            readonly status: number;
            readonly title: string;
            readonly type: string;
        } & {
            readonly [key: string]: unknown;
        };
        readonly PutScheduleInput: {
            /** @description Minute, hour, day, month, weekday; with a sixth field in front: seconds */
            readonly cron: string;
            /**
             * @description Of the syncs it starts. The first sync of a connection is full by itself.
             * @default incremental
             * @enum {string}
             */
            readonly mode?: "incremental" | "full";
            /** @description A name of the IANA time zone database */
            readonly timezone: string;
        } | {
            readonly everySeconds: number;
            /**
             * @description Of the syncs it starts. The first sync of a connection is full by itself.
             * @default incremental
             * @enum {string}
             */
            readonly mode?: "incremental" | "full";
        };
        readonly PutTagInput: {
            /** @default false */
            readonly automatic?: boolean;
        };
        readonly QuarantinedRecord: {
            /** @description When it was replayed or discarded. */
            readonly closedAt: string | null;
            /** Format: uuid */
            readonly connectionId: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly createdAt: string;
            readonly externalId: string | null;
            /** Format: uuid */
            readonly id: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly lastSeenAt: string;
            /** @description What the record belongs to where it does not say so itself: the contact of a message. */
            readonly parentId: string | null;
            /** @description JSON pointer into the raw record: where it failed */
            readonly path: string;
            readonly raw: unknown;
            readonly reason: string;
            readonly seenCount: number;
            /** @enum {string} */
            readonly status: "open" | "replayed" | "discarded";
            readonly stream: string;
            readonly syncId: string | null;
        };
        readonly Queues: {
            /** @enum {string} */
            readonly backend: "redis" | "postgres";
            readonly queues: readonly components["schemas"]["QueueStatus"][];
            /** @description Syncs of your connections that make no progress though they should; 100 at most */
            readonly stuckSyncs: readonly components["schemas"]["StuckSync"][];
            readonly workersAlive: number;
        };
        readonly QueueStatus: {
            readonly active: number;
            readonly delayed: number;
            readonly failed: number;
            readonly oldestWaitingSeconds: number | null;
            /** @enum {string} */
            readonly queue: "webhook" | "sync" | "daily" | "system";
            readonly waiting: number;
        };
        readonly Readiness: {
            readonly checks: readonly {
                readonly detail: string | null;
                readonly name: string;
                readonly ok: boolean;
            }[];
            readonly ready: boolean;
        };
        /** @description read = inserted + updated + skipped + stale + quarantined */
        readonly RecordCounts: {
            readonly deleted: number;
            readonly inserted: number;
            readonly quarantined: number;
            readonly read: number;
            readonly skipped: number;
            readonly stale: number;
            readonly updated: number;
        };
        readonly RecordSample: {
            /** @description What would change, cut to 200 characters. Null without the scope `data:read`. */
            readonly changes: readonly {
                readonly field: string;
                readonly from: string | number | boolean | null;
                readonly to: string | number | boolean | null;
            }[] | null;
            /** @description What tells the record from the others. */
            readonly key: {
                readonly [key: string]: string;
            };
            /** @description Why it would be quarantined. */
            readonly reason?: string;
        };
        readonly ReplayDeliveriesInput: {
            /** @constant */
            readonly status: "dead";
        };
        readonly ReplayedDeliveries: {
            /** @description There may be more than were taken at once: ask again. */
            readonly more: boolean;
            readonly replayed: number;
        };
        readonly ResolveConflictInput: {
            /** @enum {string} */
            readonly resolution: "source" | "local";
        } | {
            /** @description A side for each field in conflict. */
            readonly fields: {
                /** @enum {string} */
                readonly conversationStatus?: "source" | "local";
                /** @enum {string} */
                readonly senderName?: "source" | "local";
            };
            /** @constant */
            readonly resolution: "merge";
        };
        readonly Schedule: {
            /** Format: uuid */
            readonly connectionId: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly createdAt: string;
            readonly cron: string | null;
            readonly everySeconds: number | null;
            readonly lastSkippedAt: string | null;
            readonly lastSkipReason: ("sync_in_progress" | "connection_needs_reauth" | "unknown_connector") | null;
            /** @description The sync that the schedule started last */
            readonly lastSyncId: string | null;
            /** @description When a tick last was carried out */
            readonly lastTickAt: string | null;
            /** @enum {string} */
            readonly mode: "incremental" | "full";
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly nextTickAt: string;
            /** @description Ticks that did not, and why is `lastSkipReason` */
            readonly ticksSkipped: number;
            /** @description Ticks that started a sync */
            readonly ticksStarted: number;
            readonly timezone: string | null;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly updatedAt: string;
        };
        readonly StartSyncInput: {
            /**
             * @description Report what would be written, and write nothing.
             * @default false
             */
            readonly dryRun?: boolean;
            /**
             * @default incremental
             * @enum {string}
             */
            readonly mode?: "incremental" | "full";
            /** @description What the connector allows to be asked of one sync, such as `maxFiles` of claude-code. */
            readonly options?: {
                readonly [key: string]: unknown;
            };
            /**
             * @default normal
             * @enum {string}
             */
            readonly priority?: "high" | "normal" | "low";
        };
        readonly StartVerifyInput: {
            /**
             * @description Write what is missing or differs, and mark extra conversations as deleted, as a full sync does. Extra messages are reported only.
             * @default false
             */
            readonly repair?: boolean;
        };
        readonly Statistics: {
            readonly byConnection: readonly {
                readonly apiCalls: number;
                readonly byStatus: {
                    readonly cancelled: number;
                    readonly completed: number;
                    readonly failed: number;
                    readonly paused: number;
                    readonly queued: number;
                    readonly running: number;
                };
                /** Format: uuid */
                readonly connectionId: string;
                readonly connector: string;
                /** @description Of completed syncs, from start to end */
                readonly durationSeconds: {
                    readonly average: number;
                    readonly max: number;
                    readonly p50: number;
                    readonly p95: number;
                } | null;
                readonly name: string;
                readonly pages: number;
                /** @description Completed syncs that had to leave pages out */
                readonly partial: number;
                readonly records: components["schemas"]["RecordCounts"];
                /** @description Completed and not partial, of all that completed or failed. From 0 to 1. */
                readonly successRate: number | null;
                readonly syncs: number;
            }[];
            readonly byDay: readonly {
                readonly apiCalls: number;
                readonly byStatus: {
                    readonly cancelled: number;
                    readonly completed: number;
                    readonly failed: number;
                    readonly paused: number;
                    readonly queued: number;
                    readonly running: number;
                };
                /** Format: date */
                readonly day: string;
                /** @description Of completed syncs, from start to end */
                readonly durationSeconds: {
                    readonly average: number;
                    readonly max: number;
                    readonly p50: number;
                    readonly p95: number;
                } | null;
                readonly pages: number;
                /** @description Completed syncs that had to leave pages out */
                readonly partial: number;
                readonly records: components["schemas"]["RecordCounts"];
                /** @description Completed and not partial, of all that completed or failed. From 0 to 1. */
                readonly successRate: number | null;
                readonly syncs: number;
            }[];
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly since: string;
            readonly totals: components["schemas"]["StatisticsFigures"];
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly until: string;
        };
        readonly StatisticsFigures: {
            readonly apiCalls: number;
            readonly byStatus: {
                readonly cancelled: number;
                readonly completed: number;
                readonly failed: number;
                readonly paused: number;
                readonly queued: number;
                readonly running: number;
            };
            /** @description Of completed syncs, from start to end */
            readonly durationSeconds: {
                readonly average: number;
                readonly max: number;
                readonly p50: number;
                readonly p95: number;
            } | null;
            readonly pages: number;
            /** @description Completed syncs that had to leave pages out */
            readonly partial: number;
            readonly records: components["schemas"]["RecordCounts"];
            /** @description Completed and not partial, of all that completed or failed. From 0 to 1. */
            readonly successRate: number | null;
            readonly syncs: number;
        };
        readonly StreamResult: {
            /** @description Of a verification, with up to 100 records of each. Null for other syncs. */
            readonly findings: {
                /** @description Stored with another content. */
                readonly differing: components["schemas"]["Finding"];
                /** @description Stored, not at the source. Null unless the whole source was walked and could be read. */
                readonly extra: components["schemas"]["Finding"] | null;
                /** @description At the source, not stored. */
                readonly missing: components["schemas"]["Finding"];
            } | null;
            readonly records: components["schemas"]["RecordCounts"];
            /** @description Of a dry run: up to 5 records of each outcome. Null for other syncs. */
            readonly samples: {
                readonly [key: string]: readonly components["schemas"]["RecordSample"][];
            } | null;
            readonly stream: string;
        };
        readonly StuckSync: {
            /** Format: uuid */
            readonly connectionId: string;
            /**
             * @description `untaken`: due, and nobody is at it. `overdue`: somebody is at one page for too long.
             * @enum {string}
             */
            readonly reason: "untaken" | "overdue";
            /**
             * Format: date-time
             * @description When something last happened
             */
            readonly since: string;
            /** Format: uuid */
            readonly syncId: string;
        };
        readonly Subscriber: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly createdAt: string;
            readonly description: string;
            readonly disabledReason: string | null;
            /** @description Which events are sent. Empty: all, those of later versions too. */
            readonly eventTypes: readonly ("sync.completed" | "sync.failed" | "sync.cancelled" | "connection.needs_reauth" | "conversation.created" | "message.received" | "message.sent" | "automation.notified")[];
            /** @description Null: the last delivery succeeded. */
            readonly failingSince: string | null;
            /** Format: uuid */
            readonly id: string;
            /** @enum {string} */
            readonly status: "active" | "disabled";
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly updatedAt: string;
            readonly url: string;
        };
        readonly SubscriptionState: {
            /** @description When the source was last asked */
            readonly checkedAt: string | null;
            /** @description Why the last check came to nothing */
            readonly error: string | null;
            /** @description The last delivery, to the minute */
            readonly lastEventAt: string | null;
            readonly lastGapAt: string | null;
            readonly lastGapReason: ("unsubscribed" | "silence" | "retry") | null;
            readonly lastGapSyncId: string | null;
            /** @description When it last was found to have stopped */
            readonly lostAt: string | null;
            /** @description Since when it tells everything, as far as was seen; null while it does not */
            readonly subscribedSince: string | null;
        };
        readonly Sweep: {
            readonly deleted: number;
            /** @description What the connection allowed unasked. */
            readonly maxShare: number;
            /** @description Records that were stored when the walk began. */
            readonly of: number;
            readonly reason: ("partial" | "walk_unproved" | "record_unnamed") | null;
            /** @description `wouldDelete` of `of`, from 0 to 1. */
            readonly share: number | null;
            /**
             * @description walking: the walk is not over. swept: done. held: it would delete more than the connection allows and waits for POST /v1/syncs/:id/sweep. skipped: nothing was deleted, for `reason`. superseded: decided by nobody before a later full sync or a reset. Of a dry run: what would become of it. A dry run or a verification that is held waits for nothing.
             * @enum {string}
             */
            readonly status: "walking" | "swept" | "held" | "skipped" | "superseded";
            readonly stream: string;
            /** @description Stored records that the source did not show any more. */
            readonly wouldDelete: number;
        };
        readonly Sync: {
            readonly attempt: number;
            /** Format: uuid */
            readonly connectionId: string;
            readonly connector: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly createdAt: string;
            /** @description Records were counted as they would be written, and none was. */
            readonly dryRun: boolean;
            readonly error: {
                readonly action?: string;
                readonly code: string;
                readonly message: string;
                readonly retryable: boolean;
            } | null;
            readonly failedPages: number;
            readonly finishedAt: string | null;
            readonly heartbeatAt: string | null;
            /** Format: uuid */
            readonly id: string;
            /** @enum {string} */
            readonly mode: "incremental" | "full";
            readonly nextRetryAt: string | null;
            readonly partial: boolean;
            /** @enum {string} */
            readonly priority: "high" | "normal" | "low";
            readonly progress: {
                readonly apiCalls: number;
                readonly etaSeconds: number | null;
                readonly pages: number;
                readonly percent: number | null;
                readonly records: components["schemas"]["RecordCounts"];
                readonly recordsPerSecond: number | null;
                readonly total: number | null;
            };
            /**
             * @description verify: walked the source again to compare; with `dryRun: false` also to repair.
             * @enum {string}
             */
            readonly purpose: "sync" | "verify";
            readonly retryOf: string | null;
            readonly startedAt: string | null;
            /** @enum {string} */
            readonly status: "queued" | "running" | "paused" | "completed" | "failed" | "cancelled";
            /** @description Of a full sync, by stream: what became of the records that vanished from the source. */
            readonly sweeps: readonly components["schemas"]["Sweep"][];
            /** @enum {string} */
            readonly trigger: "api" | "schedule" | "webhook" | "retry" | "gap" | "watch";
            readonly warnings: readonly components["schemas"]["SyncWarning"][];
        };
        readonly SyncDecision: {
            /** @enum {string} */
            readonly decision: "insert" | "update" | "skip";
            readonly deleted: number;
            /** @description Records within it that were new. */
            readonly inserted: number;
            readonly reason: string;
            /** @description What it is about: for claude-code, the id of a session. */
            readonly subject: string;
            readonly updated: number;
        };
        /** @description Something about the result that a person should look at. */
        readonly SyncWarning: {
            /** @enum {string} */
            readonly code: "first_page_empty" | "result_empty" | "result_small" | "sweep_held" | "sweep_skipped";
            readonly message: string;
            readonly stream: string;
        };
        readonly Timing: {
            /** @description All 168 hours, in order */
            readonly hours: readonly {
                /** @description 0 is Monday from 00:00 to 00:59, as clocks showed it in the time zone */
                readonly hourOfWeek: number;
                readonly received: number;
                readonly sent: number;
            }[];
            /** @description Messages of contacts, in all */
            readonly received: number;
            /** @description Messages of the Page, in all */
            readonly sent: number;
            readonly timezone: string;
        };
        readonly Transition: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly at: string;
            readonly cause: string;
            readonly from: ("queued" | "running" | "paused" | "completed" | "failed" | "cancelled" | "pending" | "processing" | "success") | null;
            readonly id: string;
            /** @description Null: the sync itself; else one of its jobs. */
            readonly jobId: string | null;
            /** @enum {string} */
            readonly to: "queued" | "running" | "paused" | "completed" | "failed" | "cancelled" | "pending" | "processing" | "success";
            readonly worker: string | null;
        };
        readonly ValidationStatistics: {
            readonly byDay: readonly {
                /** Format: date */
                readonly day: string;
                /** @description How many needed which fallback, by the place it is for */
                readonly fallbacks: {
                    readonly [key: string]: number;
                };
                /**
                 * @description Whole answers of the source, or records
                 * @enum {string}
                 */
                readonly kind: "response" | "record";
                readonly passed: number;
                /** @description Records kept aside; answers that could not be read */
                readonly quarantined: number;
                /** @description Read by a fallback for a known variation */
                readonly repaired: number;
                /** @description Of records: the stream they are counted under */
                readonly schema: string;
            }[];
            /** Format: uuid */
            readonly connectionId: string;
            readonly schemas: readonly {
                /** @description How many needed which fallback, by the place it is for */
                readonly fallbacks: {
                    readonly [key: string]: number;
                };
                /**
                 * @description Whole answers of the source, or records
                 * @enum {string}
                 */
                readonly kind: "response" | "record";
                readonly passed: number;
                /** @description Records kept aside; answers that could not be read */
                readonly quarantined: number;
                /** @description Read by a fallback for a known variation */
                readonly repaired: number;
                /** @description Of records: the stream they are counted under */
                readonly schema: string;
            }[];
            /** Format: date */
            readonly since: string;
            /** Format: date */
            readonly until: string;
        };
        readonly WebhookDelivery: {
            /** @description The accounts it speaks of; null before it was read, and when some are not yours. */
            readonly accounts: readonly string[] | null;
            /** @description Attempts that failed */
            readonly attempts: number;
            readonly bytes: number;
            readonly counts: components["schemas"]["DeliveryCounts"];
            readonly error: string | null;
            /** Format: uuid */
            readonly id: string;
            readonly processedAt: string | null;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly receivedAt: string;
            readonly source: string;
            /**
             * @description `received`: to be processed. `unclaimed`: an account of it has no connection yet. `ignored`: not for this connector. `dead`: given up.
             * @enum {string}
             */
            readonly status: "received" | "processed" | "unclaimed" | "ignored" | "dead";
            readonly waitingAccounts: readonly string[] | null;
        };
        readonly WebhookDeliveryDetails: {
            /** @description The accounts it speaks of; null before it was read, and when some are not yours. */
            readonly accounts: readonly string[] | null;
            /** @description Attempts that failed */
            readonly attempts: number;
            /** @description The body as it was received, base64. Null when it speaks of accounts that are not yours too. */
            readonly body: string | null;
            readonly bytes: number;
            readonly counts: components["schemas"]["DeliveryCounts"];
            readonly error: string | null;
            /** Format: uuid */
            readonly id: string;
            readonly processedAt: string | null;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly receivedAt: string;
            readonly source: string;
            /**
             * @description `received`: to be processed. `unclaimed`: an account of it has no connection yet. `ignored`: not for this connector. `dead`: given up.
             * @enum {string}
             */
            readonly status: "received" | "processed" | "unclaimed" | "ignored" | "dead";
            readonly waitingAccounts: readonly string[] | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readonly getHealth: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "ok";
                    };
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getReadiness: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Default Response */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    readonly listAutomationRules: {
        readonly parameters: {
            readonly query?: {
                /** @description The nextCursor of the page before. Left out: the first page. */
                readonly cursor?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["AutomationRule"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `invalid_cursor`: The cursor is not one this list handed out */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createAutomationRule: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request under the same key is carried out once, and its answer repeated. */
                readonly "idempotency-key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["CreateAutomationRuleInput"];
            };
        };
        readonly responses: {
            /** @description Default Response */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AutomationRule"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `malformed_body`: The request body is not valid JSON. `invalid_header`: A request header is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: A request with the same Idempotency-Key is still in progress */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request does not fit its schema. `idempotency_key_reused`: The Idempotency-Key was used for another request */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAutomationRule: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AutomationRule"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly deleteAutomationRule: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly updateAutomationRule: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PatchAutomationRuleInput"];
            };
        };
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AutomationRule"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `malformed_body`: The request body is not valid JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request does not fit its schema */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listAutomationFirings: {
        readonly parameters: {
            readonly query?: {
                /** @description The nextCursor of the page before. Left out: the first page. */
                readonly cursor?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["AutomationFiring"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `invalid_cursor`: The cursor is not one this list handed out */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listConflicts: {
        readonly parameters: {
            readonly query?: {
                readonly connectionId?: string;
                /** @description The nextCursor of the page before. Left out: the first page. */
                readonly cursor?: string;
                readonly limit?: number;
                readonly status?: "open" | "resolved";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["Conflict"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `invalid_cursor`: The cursor is not one this list handed out */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly resolveConflict: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ResolveConflictInput"];
            };
        };
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Conflict"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `malformed_body`: The request body is not valid JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict_resolved`: The conflict is already resolved */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request does not fit its schema */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listConnections: {
        readonly parameters: {
            readonly query?: {
                /** @description The nextCursor of the page before. Left out: the first page. */
                readonly cursor?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["Connection"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `invalid_cursor`: The cursor is not one this list handed out */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createConnection: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request under the same key is carried out once, and its answer repeated. */
                readonly "idempotency-key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["CreateConnectionInput"];
            };
        };
        readonly responses: {
            /** @description Default Response */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Connection"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `malformed_body`: The request body is not valid JSON. `invalid_header`: A request header is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `connection_exists`: The account is already connected. `idempotency_conflict`: A request with the same Idempotency-Key is still in progress */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unknown_connector`: No such connector. `config_invalid`: The configuration does not fit the connector. `validation_failed`: The request does not fit its schema. `idempotency_key_reused`: The Idempotency-Key was used for another request */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getConnection: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Connection"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly deleteConnection: {
        readonly parameters: {
            readonly query?: {
                /** @description Also drop the rows that were synced, and the history. */
                readonly purge?: "true" | "false";
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `sync_in_progress`: The connection has a live sync */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly updateConnection: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PatchConnectionInput"];
            };
        };
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Connection"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `malformed_body`: The request body is not valid JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `config_invalid`: The configuration does not fit the connector. `unknown_connector`: No such connector. `validation_failed`: The request does not fit its schema */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly resetConnection: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ConnectionState"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `sync_in_progress`: The connection has a live sync */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getSchedule: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly putSchedule: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PutScheduleInput"];
            };
        };
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `malformed_body`: The request body is not valid JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request does not fit its schema */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly deleteSchedule: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getConnectionState: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ConnectionState"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly startSync: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request under the same key is carried out once, and its answer repeated. */
                readonly "idempotency-key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["StartSyncInput"];
            };
        };
        readonly responses: {
            /** @description Default Response */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Sync"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `malformed_body`: The request body is not valid JSON. `invalid_header`: A request header is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `sync_in_progress`: The connection has a live sync. `connection_needs_reauth`: The connection needs new credentials. `idempotency_conflict`: A request with the same Idempotency-Key is still in progress */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unknown_connector`: No such connector. `validation_failed`: The request does not fit its schema. `idempotency_key_reused`: The Idempotency-Key was used for another request */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getConnectionTiming: {
        readonly parameters: {
            readonly query?: {
                /** @description A name of the IANA time zone database */
                readonly timezone?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Timing"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getValidation: {
        readonly parameters: {
            readonly query?: {
                readonly since?: string;
                readonly until?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ValidationStatistics"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly verifyConnection: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request under the same key is carried out once, and its answer repeated. */
                readonly "idempotency-key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["StartVerifyInput"];
            };
        };
        readonly responses: {
            /** @description Default Response */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Sync"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `malformed_body`: The request body is not valid JSON. `invalid_header`: A request header is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `sync_in_progress`: The connection has a live sync. `connection_needs_reauth`: The connection needs new credentials. `idempotency_conflict`: A request with the same Idempotency-Key is still in progress */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unknown_connector`: No such connector. `validation_failed`: The request does not fit its schema. `idempotency_key_reused`: The Idempotency-Key was used for another request */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listConversations: {
        readonly parameters: {
            readonly query?: {
                readonly connectionId?: string;
                /** @description The nextCursor of the page before. Left out: the first page. */
                readonly cursor?: string;
                /** @description Conversations that vanished from the source are left out unless asked for. */
                readonly deleted?: "exclude" | "include" | "only";
                readonly limit?: number;
                readonly pageId?: string;
                readonly senderId?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["Conversation"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `invalid_cursor`: The cursor is not one this list handed out */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getConversation: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "if-none-match"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description The version is still the one you have. */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly updateConversation: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                readonly "if-match"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PatchConversationInput"];
            };
        };
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `malformed_body`: The request body is not valid JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition_failed`: The resource is no longer at that version */
            readonly 412: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request does not fit its schema */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition_required`: The version the change is based on is missing */
            readonly 428: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listConversationEvents: {
        readonly parameters: {
            readonly query?: {
                /** @description The nextCursor of the page before. Left out: the first page. */
                readonly cursor?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["InteractionEvent"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `invalid_cursor`: The cursor is not one this list handed out */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listConversationTags: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["ConversationTag"][];
                    };
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly putConversationTag: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
                readonly tag: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PutTagInput"];
            };
        };
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ConversationTag"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `malformed_body`: The request body is not valid JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request does not fit its schema */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly deleteConversationTag: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
                readonly tag: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getConversationTiming: {
        readonly parameters: {
            readonly query?: {
                /** @description A name of the IANA time zone database */
                readonly timezone?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Timing"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listApiKeys: {
        readonly parameters: {
            readonly query?: {
                /** @description The nextCursor of the page before. Left out: the first page. */
                readonly cursor?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["ApiKey"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `invalid_cursor`: The cursor is not one this list handed out */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createApiKey: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request under the same key is carried out once, and its answer repeated. */
                readonly "idempotency-key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["CreateApiKeyInput"];
            };
        };
        readonly responses: {
            /** @description Default Response */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["CreatedApiKey"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `malformed_body`: The request body is not valid JSON. `invalid_header`: A request header is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: A request with the same Idempotency-Key is still in progress */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request does not fit its schema. `idempotency_key_reused`: The Idempotency-Key was used for another request */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly revokeApiKey: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listLeases: {
        readonly parameters: {
            readonly query?: {
                /** @description The nextCursor of the page before. Left out: the first page. */
                readonly cursor?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["Lease"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `invalid_cursor`: The cursor is not one this list handed out */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly breakLease: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly key: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listLimits: {
        readonly parameters: {
            readonly query?: {
                /** @description The nextCursor of the page before. Left out: the first page. */
                readonly cursor?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["LimitPool"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `invalid_cursor`: The cursor is not one this list handed out */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly updateLimit: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly pool: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PatchLimitPoolInput"];
            };
        };
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["LimitPool"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `malformed_body`: The request body is not valid JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request does not fit its schema */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listQuarantine: {
        readonly parameters: {
            readonly query?: {
                readonly connectionId?: string;
                /** @description The nextCursor of the page before. Left out: the first page. */
                readonly cursor?: string;
                readonly limit?: number;
                readonly status?: "open" | "replayed" | "discarded";
                readonly stream?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["QuarantinedRecord"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `invalid_cursor`: The cursor is not one this list handed out */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly discardQuarantined: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `quarantine_closed`: The record was already replayed or discarded */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly replayQuarantined: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["QuarantinedRecord"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `quarantine_closed`: The record was already replayed or discarded */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `record_invalid`: The record still does not fit. `replay_unsupported`: Records of this kind cannot be replayed. `config_invalid`: The configuration does not fit the connector */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getQueues: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Queues"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getStatistics: {
        readonly parameters: {
            readonly query?: {
                readonly connectionId?: string;
                readonly since?: string;
                readonly until?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Statistics"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listSubscribers: {
        readonly parameters: {
            readonly query?: {
                /** @description The nextCursor of the page before. Left out: the first page. */
                readonly cursor?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["Subscriber"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `invalid_cursor`: The cursor is not one this list handed out */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createSubscriber: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request under the same key is carried out once, and its answer repeated. */
                readonly "idempotency-key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["CreateSubscriberInput"];
            };
        };
        readonly responses: {
            /** @description Default Response */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["CreatedSubscriber"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `malformed_body`: The request body is not valid JSON. `invalid_header`: A request header is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: A request with the same Idempotency-Key is still in progress */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request does not fit its schema. `idempotency_key_reused`: The Idempotency-Key was used for another request */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getSubscriber: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Subscriber"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly deleteSubscriber: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly updateSubscriber: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PatchSubscriberInput"];
            };
        };
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Subscriber"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `malformed_body`: The request body is not valid JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request does not fit its schema */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listSubscriberDeliveries: {
        readonly parameters: {
            readonly query?: {
                /** @description The nextCursor of the page before. Left out: the first page. */
                readonly cursor?: string;
                readonly limit?: number;
                readonly status?: "pending" | "delivered" | "dead";
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["OutgoingDelivery"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `invalid_cursor`: The cursor is not one this list handed out */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly replaySubscriberDelivery: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly deliveryId: string;
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `malformed_body`: The request body is not valid JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request does not fit its schema */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listSyncs: {
        readonly parameters: {
            readonly query?: {
                readonly connectionId?: string;
                readonly connector?: string;
                /** @description The nextCursor of the page before. Left out: the first page. */
                readonly cursor?: string;
                readonly limit?: number;
                readonly since?: string;
                /** @description One of queued, running, paused, completed, failed, cancelled */
                readonly status?: string;
                readonly until?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["Sync"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `invalid_cursor`: The cursor is not one this list handed out */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getSync: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Sync"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly cancelSync: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Sync"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `malformed_body`: The request body is not valid JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `illegal_transition`: The sync cannot go to that status */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request does not fit its schema */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listDecisions: {
        readonly parameters: {
            readonly query?: {
                /** @description The nextCursor of the page before. Left out: the first page. */
                readonly cursor?: string;
                readonly decision?: "insert" | "update" | "skip";
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["SyncDecision"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `invalid_cursor`: The cursor is not one this list handed out */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly streamSyncEvents: {
        readonly parameters: {
            readonly query?: {
                /** @description For clients that cannot set headers. */
                readonly lastEventId?: string;
            };
            readonly header?: {
                readonly "last-event-id"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Server-sent events */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/event-stream": string;
                };
            };
            /** @description The sync is over and all of it was seen: do not come back. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `invalid_header`: A request header is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listFailedPages: {
        readonly parameters: {
            readonly query?: {
                /** @description The nextCursor of the page before. Left out: the first page. */
                readonly cursor?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["FailedPage"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `invalid_cursor`: The cursor is not one this list handed out */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getSyncHistory: {
        readonly parameters: {
            readonly query?: {
                /** @description The nextCursor of the page before. Left out: the first page. */
                readonly cursor?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["Transition"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `invalid_cursor`: The cursor is not one this list handed out */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly pauseSync: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Sync"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `malformed_body`: The request body is not valid JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `illegal_transition`: The sync cannot go to that status */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request does not fit its schema */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getSyncResults: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["StreamResult"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly resumeSync: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Sync"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `malformed_body`: The request body is not valid JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `illegal_transition`: The sync cannot go to that status */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request does not fit its schema */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly retrySync: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request under the same key is carried out once, and its answer repeated. */
                readonly "idempotency-key"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Sync"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `malformed_body`: The request body is not valid JSON. `invalid_header`: A request header is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `illegal_transition`: The sync cannot go to that status. `sync_in_progress`: The connection has a live sync. `checkpoint_overtaken`: A later sync of the connection took the checkpoint. `connection_needs_reauth`: The connection needs new credentials. `idempotency_conflict`: A request with the same Idempotency-Key is still in progress */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request does not fit its schema. `idempotency_key_reused`: The Idempotency-Key was used for another request */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly approveSweep: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Sync"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `malformed_body`: The request body is not valid JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `sweep_not_held`: The sync has no sweep that waits for approval */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request does not fit its schema */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listWebhookDeliveries: {
        readonly parameters: {
            readonly query?: {
                /** @description The nextCursor of the page before. Left out: the first page. */
                readonly cursor?: string;
                readonly limit?: number;
                readonly source?: string;
                readonly status?: "received" | "processed" | "unclaimed" | "ignored" | "dead";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly data: readonly components["schemas"]["WebhookDelivery"][];
                        readonly nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `invalid_cursor`: The cursor is not one this list handed out */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getWebhookDelivery: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["WebhookDeliveryDetails"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly replayWebhookDelivery: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Default Response */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `malformed_body`: The request body is not valid JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: No such resource */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request does not fit its schema */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly replayWebhookDeliveries: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ReplayDeliveriesInput"];
            };
        };
        readonly responses: {
            /** @description Default Response */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ReplayedDeliveries"];
                };
            };
            /** @description `invalid_query`: A query parameter or path segment is invalid. `malformed_body`: The request body is not valid JSON */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is required */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: The API key lacks the scope for this request */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: The request does not fit its schema */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: Something went wrong on our side */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable`: A service this request needs is not available */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}

CREATE TYPE "public"."sync_status" AS ENUM('queued', 'running', 'paused', 'completed', 'failed', 'cancelled');--> statement-breakpoint
CREATE TABLE "connections" (
	"id" uuid PRIMARY KEY DEFAULT tidemark_uuidv7() NOT NULL,
	"tenant_id" uuid NOT NULL,
	"connector" text NOT NULL,
	"name" text NOT NULL,
	"config" jsonb NOT NULL,
	"account_id" text NOT NULL,
	"credentials" text,
	"conflict_policy" text DEFAULT 'source_wins' NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	CONSTRAINT "connections_status" CHECK (status IN ('active', 'needs_reauth')),
	CONSTRAINT "connections_conflict_policy" CHECK (conflict_policy IN ('source_wins', 'local_wins', 'manual'))
);
--> statement-breakpoint
CREATE TABLE "contact_interaction_events" (
	"id" uuid PRIMARY KEY DEFAULT tidemark_uuidv7() NOT NULL,
	"conversation_id" uuid NOT NULL,
	"event_type" text NOT NULL,
	"event_timestamp" timestamp (3) with time zone NOT NULL,
	"message_id" text COLLATE "C",
	"direction" text,
	"text" text,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"as_of" timestamp (3) with time zone NOT NULL,
	"content_hash" text COLLATE "C" NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "contact_interaction_events_direction" CHECK (direction IN ('in', 'out'))
);
--> statement-breakpoint
CREATE TABLE "messenger_conversations" (
	"id" uuid PRIMARY KEY DEFAULT tidemark_uuidv7() NOT NULL,
	"connection_id" uuid NOT NULL,
	"page_id" text NOT NULL,
	"sender_id" text NOT NULL,
	"graph_id" text,
	"sender_name" text,
	"source_updated_at" timestamp (3) with time zone,
	"last_message" text,
	"last_message_time" timestamp (3) with time zone,
	"message_count" integer DEFAULT 0 NOT NULL,
	"conversation_status" text DEFAULT 'active' NOT NULL,
	"as_of" timestamp (3) with time zone DEFAULT '-infinity' NOT NULL,
	"content_hash" text COLLATE "C" DEFAULT '' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "connection_pools" (
	"connection_id" uuid NOT NULL,
	"pool" text NOT NULL,
	CONSTRAINT "connection_pools_connection_id_pool_pk" PRIMARY KEY("connection_id","pool")
);
--> statement-breakpoint
CREATE TABLE "limit_pools" (
	"pool" text PRIMARY KEY NOT NULL,
	"max_calls" integer NOT NULL,
	"per_seconds" double precision NOT NULL,
	"max_concurrent" integer,
	"used_share" double precision,
	"used_share_at" timestamp (3) with time zone,
	"paused_until" timestamp (3) with time zone,
	"pause_reason" text,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" uuid PRIMARY KEY DEFAULT tidemark_uuidv7() NOT NULL,
	"kind" text NOT NULL,
	"payload" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "quarantine" (
	"id" uuid PRIMARY KEY DEFAULT tidemark_uuidv7() NOT NULL,
	"connection_id" uuid NOT NULL,
	"sync_id" uuid,
	"stream" text NOT NULL,
	"external_id" text,
	"reason" text NOT NULL,
	"path" text NOT NULL,
	"raw" jsonb NOT NULL,
	"raw_original" text,
	"fingerprint" text NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"seen_count" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"id" text PRIMARY KEY NOT NULL,
	"host" text NOT NULL,
	"pid" integer NOT NULL,
	"concurrency" integer NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"heartbeat_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sync_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "sync_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"sync_id" uuid NOT NULL,
	"type" text NOT NULL,
	"data" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sync_locks" (
	"key" text PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"fencing_token" bigint NOT NULL,
	"acquired_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sync_results" (
	"sync_id" uuid NOT NULL,
	"stream" text NOT NULL,
	"records_read" integer DEFAULT 0 NOT NULL,
	"records_inserted" integer DEFAULT 0 NOT NULL,
	"records_updated" integer DEFAULT 0 NOT NULL,
	"records_skipped" integer DEFAULT 0 NOT NULL,
	"records_stale" integer DEFAULT 0 NOT NULL,
	"records_quarantined" integer DEFAULT 0 NOT NULL,
	"records_deleted" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "sync_results_sync_id_stream_pk" PRIMARY KEY("sync_id","stream"),
	CONSTRAINT "sync_results_reconcile" CHECK (records_read = records_inserted + records_updated + records_skipped + records_stale + records_quarantined)
);
--> statement-breakpoint
CREATE TABLE "sync_state" (
	"connection_id" uuid NOT NULL,
	"stream" text NOT NULL,
	"sync_id" uuid,
	"checkpoint" jsonb,
	"done" boolean DEFAULT false NOT NULL,
	"pending_watermark" jsonb,
	"watermark" jsonb,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sync_state_connection_id_stream_pk" PRIMARY KEY("connection_id","stream")
);
--> statement-breakpoint
CREATE TABLE "sync_transitions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "sync_transitions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"sync_id" uuid NOT NULL,
	"job_id" text,
	"from_status" text,
	"to_status" text NOT NULL,
	"cause" text NOT NULL,
	"worker" text,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "syncs" (
	"id" uuid PRIMARY KEY DEFAULT tidemark_uuidv7() NOT NULL,
	"connection_id" uuid NOT NULL,
	"mode" text NOT NULL,
	"trigger" text NOT NULL,
	"dry_run" boolean DEFAULT false NOT NULL,
	"priority" text DEFAULT 'normal' NOT NULL,
	"status" "sync_status" DEFAULT 'queued' NOT NULL,
	"status_cause" text NOT NULL,
	"status_worker" text,
	"partial" boolean DEFAULT false NOT NULL,
	"seq" integer DEFAULT 0 NOT NULL,
	"pickup" integer DEFAULT 0 NOT NULL,
	"attempt" integer DEFAULT 1 NOT NULL,
	"next_run_at" timestamp (3) with time zone,
	"page_count" integer DEFAULT 0 NOT NULL,
	"api_calls" integer DEFAULT 0 NOT NULL,
	"records_read" integer DEFAULT 0 NOT NULL,
	"records_inserted" integer DEFAULT 0 NOT NULL,
	"records_updated" integer DEFAULT 0 NOT NULL,
	"records_skipped" integer DEFAULT 0 NOT NULL,
	"records_stale" integer DEFAULT 0 NOT NULL,
	"records_quarantined" integer DEFAULT 0 NOT NULL,
	"records_deleted" integer DEFAULT 0 NOT NULL,
	"records_total" integer,
	"failed_pages" integer DEFAULT 0 NOT NULL,
	"retry_of" uuid,
	"error_code" text,
	"error_message" text,
	"error_action" text,
	"error_retryable" boolean,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	"heartbeat_at" timestamp (3) with time zone,
	CONSTRAINT "syncs_reconcile" CHECK (records_read = records_inserted + records_updated + records_skipped + records_stale + records_quarantined),
	CONSTRAINT "syncs_mode" CHECK (mode IN ('incremental', 'full'))
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY DEFAULT tidemark_uuidv7() NOT NULL,
	"tenant_id" uuid NOT NULL,
	"name" text NOT NULL,
	"key_hash" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"tenant_id" uuid NOT NULL,
	"key" text NOT NULL,
	"request_hash" text NOT NULL,
	"status" integer,
	"headers" jsonb,
	"body" jsonb,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_tenant_id_key_pk" PRIMARY KEY("tenant_id","key")
);
--> statement-breakpoint
CREATE TABLE "tenants" (
	"id" uuid PRIMARY KEY DEFAULT tidemark_uuidv7() NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_interaction_events" ADD CONSTRAINT "contact_interaction_events_conversation_id_messenger_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."messenger_conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messenger_conversations" ADD CONSTRAINT "messenger_conversations_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection_pools" ADD CONSTRAINT "connection_pools_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection_pools" ADD CONSTRAINT "connection_pools_pool_limit_pools_pool_fk" FOREIGN KEY ("pool") REFERENCES "public"."limit_pools"("pool") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quarantine" ADD CONSTRAINT "quarantine_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_events" ADD CONSTRAINT "sync_events_sync_id_syncs_id_fk" FOREIGN KEY ("sync_id") REFERENCES "public"."syncs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_results" ADD CONSTRAINT "sync_results_sync_id_syncs_id_fk" FOREIGN KEY ("sync_id") REFERENCES "public"."syncs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_state" ADD CONSTRAINT "sync_state_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_transitions" ADD CONSTRAINT "sync_transitions_sync_id_syncs_id_fk" FOREIGN KEY ("sync_id") REFERENCES "public"."syncs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "syncs" ADD CONSTRAINT "syncs_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "connections_account" ON "connections" USING btree ("connector","account_id");--> statement-breakpoint
CREATE INDEX "connections_tenant" ON "connections" USING btree ("tenant_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "contact_interaction_events_message" ON "contact_interaction_events" USING btree ("conversation_id","message_id") WHERE message_id IS NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "contact_interaction_events_moment" ON "contact_interaction_events" USING btree ("conversation_id","event_timestamp","event_type") WHERE message_id IS NULL;--> statement-breakpoint
CREATE INDEX "contact_interaction_events_time" ON "contact_interaction_events" USING btree ("conversation_id","event_timestamp","message_id");--> statement-breakpoint
CREATE UNIQUE INDEX "messenger_conversations_contact" ON "messenger_conversations" USING btree ("page_id","sender_id");--> statement-breakpoint
CREATE INDEX "messenger_conversations_recent" ON "messenger_conversations" USING btree ("connection_id","last_message_time");--> statement-breakpoint
CREATE INDEX "messenger_conversations_graph_id" ON "messenger_conversations" USING btree ("graph_id") WHERE graph_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX "outbox_created" ON "outbox" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "quarantine_record" ON "quarantine" USING btree ("connection_id","stream","fingerprint");--> statement-breakpoint
CREATE INDEX "quarantine_connection" ON "quarantine" USING btree ("connection_id","id");--> statement-breakpoint
CREATE INDEX "sync_events_sync" ON "sync_events" USING btree ("sync_id","id");--> statement-breakpoint
CREATE INDEX "sync_transitions_sync" ON "sync_transitions" USING btree ("sync_id","id");--> statement-breakpoint
CREATE INDEX "sync_transitions_job" ON "sync_transitions" USING btree ("job_id","id") WHERE job_id IS NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "syncs_one_live_per_connection" ON "syncs" USING btree ("connection_id") WHERE status IN ('queued', 'running', 'paused');--> statement-breakpoint
CREATE INDEX "syncs_connection" ON "syncs" USING btree ("connection_id","id");--> statement-breakpoint
CREATE INDEX "syncs_live" ON "syncs" USING btree ("status") WHERE status IN ('queued', 'running', 'paused');--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_hash" ON "api_keys" USING btree ("key_hash") WHERE revoked_at IS NULL;--> statement-breakpoint
CREATE INDEX "api_keys_tenant" ON "api_keys" USING btree ("tenant_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "tenants_name" ON "tenants" USING btree ("name");
CREATE TABLE "sync_seen" (
	"sweep_id" uuid NOT NULL,
	"key" text NOT NULL,
	"is_quarantined" boolean NOT NULL,
	CONSTRAINT "sync_seen_sweep_id_is_quarantined_key_pk" PRIMARY KEY("sweep_id","is_quarantined","key")
);
--> statement-breakpoint
CREATE TABLE "sync_sweeps" (
	"id" uuid PRIMARY KEY DEFAULT tidemark_uuidv7() NOT NULL,
	"sync_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"stream" text NOT NULL,
	"kind" text NOT NULL,
	"walk_started_at" timestamp (3) with time zone NOT NULL,
	"status" text DEFAULT 'walking' NOT NULL,
	"doubt" text,
	"would_delete" integer DEFAULT 0 NOT NULL,
	"stored_before" integer DEFAULT 0 NOT NULL,
	"max_share" double precision DEFAULT 0 NOT NULL,
	"deleted" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"decided_at" timestamp (3) with time zone,
	CONSTRAINT "sync_sweeps_status" CHECK (status IN ('walking', 'swept', 'held', 'skipped', 'superseded'))
);
--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "sweep_max_share" double precision DEFAULT 0.2 NOT NULL;--> statement-breakpoint
ALTER TABLE "syncs" ADD COLUMN "warnings" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "sync_seen" ADD CONSTRAINT "sync_seen_sweep_id_sync_sweeps_id_fk" FOREIGN KEY ("sweep_id") REFERENCES "public"."sync_sweeps"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_sweeps" ADD CONSTRAINT "sync_sweeps_sync_id_syncs_id_fk" FOREIGN KEY ("sync_id") REFERENCES "public"."syncs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_sweeps" ADD CONSTRAINT "sync_sweeps_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "sync_sweeps_stream" ON "sync_sweeps" USING btree ("sync_id","stream");--> statement-breakpoint
CREATE INDEX "sync_sweeps_open" ON "sync_sweeps" USING btree ("connection_id","stream") WHERE status IN ('walking', 'held');--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_sweep_max_share" CHECK (sweep_max_share BETWEEN 0 AND 1);
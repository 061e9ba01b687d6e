CREATE TABLE "walk_state" (
	"sync_id" uuid NOT NULL,
	"stream" text NOT NULL,
	"checkpoint" jsonb,
	"done" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "walk_state_sync_id_stream_pk" PRIMARY KEY("sync_id","stream")
);
--> statement-breakpoint
CREATE TABLE "walk_versions" (
	"sync_id" uuid NOT NULL,
	"stream" text NOT NULL,
	"key" text[] NOT NULL,
	"as_of" timestamp (3) with time zone,
	"content_hash" text COLLATE "C",
	CONSTRAINT "walk_versions_sync_id_stream_key_pk" PRIMARY KEY("sync_id","stream","key")
);
--> statement-breakpoint
ALTER TABLE "sync_sweeps" ADD COLUMN "is_aside" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "sync_results" ADD COLUMN "records_extra" integer;--> statement-breakpoint
ALTER TABLE "sync_results" ADD COLUMN "samples" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "syncs" ADD COLUMN "purpose" text DEFAULT 'sync' NOT NULL;--> statement-breakpoint
ALTER TABLE "walk_state" ADD CONSTRAINT "walk_state_sync_id_syncs_id_fk" FOREIGN KEY ("sync_id") REFERENCES "public"."syncs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "walk_versions" ADD CONSTRAINT "walk_versions_sync_id_syncs_id_fk" FOREIGN KEY ("sync_id") REFERENCES "public"."syncs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "syncs" ADD CONSTRAINT "syncs_purpose" CHECK (purpose IN ('sync', 'verify'));
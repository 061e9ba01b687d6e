CREATE TABLE "sync_conflicts" (
	"id" uuid PRIMARY KEY DEFAULT tidemark_uuidv7() NOT NULL,
	"connection_id" uuid NOT NULL,
	"stream" text NOT NULL,
	"record_id" uuid NOT NULL,
	"fields" jsonb NOT NULL,
	"base_version" integer NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"resolution" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"resolved_at" timestamp (3) with time zone,
	CONSTRAINT "sync_conflicts_resolved" CHECK ((status = 'open' AND resolution IS NULL AND resolved_at IS NULL)
        OR (status = 'resolved' AND resolution IN ('source', 'local', 'merge', 'policy', 'obsolete')
            AND resolved_at IS NOT NULL))
);
--> statement-breakpoint
ALTER TABLE "messenger_conversations" ADD COLUMN "local_edits" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "quarantine" ADD COLUMN "parent_id" text;--> statement-breakpoint
ALTER TABLE "quarantine" ADD COLUMN "as_of" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "quarantine" ADD COLUMN "closed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "sync_conflicts" ADD CONSTRAINT "sync_conflicts_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "sync_conflicts_open" ON "sync_conflicts" USING btree ("stream","record_id") WHERE status = 'open';--> statement-breakpoint
CREATE INDEX "sync_conflicts_connection" ON "sync_conflicts" USING btree ("connection_id","id");--> statement-breakpoint
ALTER TABLE "quarantine" ADD CONSTRAINT "quarantine_status" CHECK (status IN ('open', 'replayed', 'discarded'));
CREATE TABLE "sync_failed_pages" (
	"id" uuid PRIMARY KEY DEFAULT tidemark_uuidv7() NOT NULL,
	"connection_id" uuid NOT NULL,
	"sync_id" uuid NOT NULL,
	"stream" text NOT NULL,
	"seq" integer NOT NULL,
	"what" text NOT NULL,
	"checkpoint" jsonb NOT NULL,
	"error_code" text NOT NULL,
	"error_message" text NOT NULL,
	"attempts" integer NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"taken_by" uuid,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sync_failed_pages_status" CHECK (status IN ('open', 'taken', 'mended', 'failed_again'))
);
--> statement-breakpoint
ALTER TABLE "sync_state" ADD COLUMN "failed_page_id" uuid;--> statement-breakpoint
ALTER TABLE "syncs" ADD COLUMN "set_aside_in_a_row" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "sync_failed_pages" ADD CONSTRAINT "sync_failed_pages_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_failed_pages" ADD CONSTRAINT "sync_failed_pages_sync_id_syncs_id_fk" FOREIGN KEY ("sync_id") REFERENCES "public"."syncs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "sync_failed_pages_sync" ON "sync_failed_pages" USING btree ("sync_id","id");--> statement-breakpoint
CREATE INDEX "sync_failed_pages_taken" ON "sync_failed_pages" USING btree ("taken_by") WHERE taken_by IS NOT NULL;
CREATE TABLE "webhook_deliveries" (
	"id" uuid PRIMARY KEY DEFAULT tidemark_uuidv7() NOT NULL,
	"source" text NOT NULL,
	"dedupe_key" text NOT NULL,
	"body" "bytea" NOT NULL,
	"status" text DEFAULT 'received' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"pickup" integer DEFAULT 0 NOT NULL,
	"error" text,
	"ring_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"accounts" text[],
	"waiting_accounts" text[],
	"counts" jsonb,
	"received_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"processed_at" timestamp (3) with time zone,
	CONSTRAINT "webhook_deliveries_status_known" CHECK (status IN ('received', 'processed', 'unclaimed', 'ignored', 'dead'))
);
--> statement-breakpoint
DROP INDEX "contact_interaction_events_moment";--> statement-breakpoint
ALTER TABLE "contact_interaction_events" ADD COLUMN "subject_id" text COLLATE "C" DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "contact_interaction_events" ADD COLUMN "notified" jsonb;--> statement-breakpoint
ALTER TABLE "contact_interaction_events" ADD COLUMN "notified_as_of" timestamp (3) with time zone;--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_deliveries_dedupe" ON "webhook_deliveries" USING btree ("source","dedupe_key");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_due" ON "webhook_deliveries" USING btree ("ring_at") WHERE status = 'received';--> statement-breakpoint
CREATE INDEX "webhook_deliveries_waiting" ON "webhook_deliveries" USING gin ("waiting_accounts") WHERE status = 'unclaimed';--> statement-breakpoint
CREATE INDEX "webhook_deliveries_done" ON "webhook_deliveries" USING btree ("processed_at") WHERE status IN ('processed', 'ignored');--> statement-breakpoint
CREATE INDEX "webhook_deliveries_status" ON "webhook_deliveries" USING btree ("status","id");--> statement-breakpoint
CREATE INDEX "contact_interaction_events_subject" ON "contact_interaction_events" USING btree ("conversation_id","subject_id") WHERE subject_id <> '';--> statement-breakpoint
CREATE UNIQUE INDEX "contact_interaction_events_moment" ON "contact_interaction_events" USING btree ("conversation_id","event_timestamp","event_type","subject_id") WHERE message_id IS NULL;
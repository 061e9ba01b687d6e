CREATE TABLE "webhook_subscriptions" (
	"connection_id" uuid PRIMARY KEY NOT NULL,
	"check_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"checked_at" timestamp (3) with time zone,
	"subscribed_since" timestamp (3) with time zone,
	"lost_at" timestamp (3) with time zone,
	"last_event_at" timestamp (3) with time zone,
	"owed" text,
	"filled_until" timestamp (3) with time zone,
	"last_gap_sync_id" uuid,
	"last_gap_at" timestamp (3) with time zone,
	"last_gap_reason" text,
	"error" text,
	CONSTRAINT "webhook_subscriptions_owed" CHECK (owed IN ('unsubscribed', 'silence', 'retry'))
);
--> statement-breakpoint
ALTER TABLE "webhook_subscriptions" ADD CONSTRAINT "webhook_subscriptions_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "webhook_subscriptions_due" ON "webhook_subscriptions" USING btree ("check_at");
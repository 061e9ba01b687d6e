CREATE TABLE "sync_schedules" (
	"connection_id" uuid PRIMARY KEY NOT NULL,
	"cron" text,
	"timezone" text,
	"every_seconds" integer,
	"mode" text NOT NULL,
	"next_tick_at" timestamp (3) with time zone NOT NULL,
	"last_tick_at" timestamp (3) with time zone,
	"last_sync_id" uuid,
	"ticks_started" integer DEFAULT 0 NOT NULL,
	"ticks_skipped" integer DEFAULT 0 NOT NULL,
	"last_skipped_at" timestamp (3) with time zone,
	"last_skip_reason" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sync_schedules_timing" CHECK ((cron IS NOT NULL AND timezone IS NOT NULL AND every_seconds IS NULL)
        OR (cron IS NULL AND timezone IS NULL AND every_seconds > 0)),
	CONSTRAINT "sync_schedules_mode" CHECK (mode IN ('incremental', 'full'))
);
--> statement-breakpoint
ALTER TABLE "sync_schedules" ADD CONSTRAINT "sync_schedules_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "sync_schedules_due" ON "sync_schedules" USING btree ("next_tick_at");
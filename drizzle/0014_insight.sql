CREATE TABLE "stuck_syncs" (
	"sync_id" uuid PRIMARY KEY NOT NULL,
	"reason" text NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"found_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "stuck_syncs_reason" CHECK (reason IN ('untaken', 'overdue'))
);
--> statement-breakpoint
CREATE TABLE "validation_counts" (
	"connection_id" uuid NOT NULL,
	"day" date NOT NULL,
	"kind" text NOT NULL,
	"schema" text NOT NULL,
	"passed" bigint DEFAULT 0 NOT NULL,
	"repaired" bigint DEFAULT 0 NOT NULL,
	"quarantined" bigint DEFAULT 0 NOT NULL,
	"fallbacks" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "validation_counts_connection_id_day_kind_schema_pk" PRIMARY KEY("connection_id","day","kind","schema"),
	CONSTRAINT "validation_counts_kind" CHECK (kind IN ('response', 'record'))
);
--> statement-breakpoint
ALTER TABLE "limit_pools" ADD COLUMN "response_ms" double precision;--> statement-breakpoint
ALTER TABLE "limit_pools" ADD COLUMN "usual_response_ms" double precision;--> statement-breakpoint
ALTER TABLE "limit_pools" ADD COLUMN "response_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "stuck_syncs" ADD CONSTRAINT "stuck_syncs_sync_id_syncs_id_fk" FOREIGN KEY ("sync_id") REFERENCES "public"."syncs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "validation_counts" ADD CONSTRAINT "validation_counts_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;
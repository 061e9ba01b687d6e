ALTER TABLE "validation_counts" ADD COLUMN "slot" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "validation_counts" DROP CONSTRAINT "validation_counts_connection_id_day_kind_schema_pk";--> statement-breakpoint
ALTER TABLE "validation_counts" ADD CONSTRAINT "validation_counts_connection_id_day_kind_schema_slot_pk" PRIMARY KEY("connection_id","day","kind","schema","slot");

CREATE TABLE "walk_rows" (
	"sync_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"message_key" text COLLATE "C",
	"session_id" text COLLATE "C",
	"file_id" bigint,
	"row" jsonb,
	CONSTRAINT "walk_rows_sync_id_kind_key_pk" PRIMARY KEY("sync_id","kind","key")
);
--> statement-breakpoint
DROP INDEX "claude_messages_session";--> statement-breakpoint
ALTER TABLE "claude_lines" ADD COLUMN "words_hash" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "walk_rows" ADD CONSTRAINT "walk_rows_sync_id_syncs_id_fk" FOREIGN KEY ("sync_id") REFERENCES "public"."syncs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "walk_rows_message" ON "walk_rows" USING btree ("sync_id","message_key");--> statement-breakpoint
CREATE INDEX "walk_rows_session" ON "walk_rows" USING btree ("sync_id","session_id");--> statement-breakpoint
CREATE INDEX "walk_rows_file" ON "walk_rows" USING btree ("sync_id","file_id");--> statement-breakpoint
CREATE INDEX "claude_messages_session" ON "claude_messages" USING btree ("connection_id","session_id","at","external_id");
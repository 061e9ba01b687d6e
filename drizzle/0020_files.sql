CREATE TABLE "claude_files" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "claude_files_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"connection_id" uuid NOT NULL,
	"path" text COLLATE "C" NOT NULL,
	"session_id" text COLLATE "C" NOT NULL,
	"agent_id" text,
	"project" text NOT NULL,
	"size" bigint NOT NULL,
	"modified_at" timestamp (3) with time zone NOT NULL,
	"gone_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "claude_lines" (
	"file_id" bigint NOT NULL,
	"byte_offset" bigint NOT NULL,
	"byte_length" integer NOT NULL,
	"line_number" integer NOT NULL,
	"connection_id" uuid NOT NULL,
	"type" text NOT NULL,
	"uuid" text,
	"parent_uuid" text,
	"session_id" text COLLATE "C" NOT NULL,
	"agent_id" text,
	"is_sidechain" boolean NOT NULL,
	"at" timestamp (3) with time zone,
	"cwd" text,
	"git_branch" text,
	"program_version" text,
	"title" text,
	"title_rank" smallint,
	"message_key" text COLLATE "C",
	"message_id" text COLLATE "C",
	"request_id" text COLLATE "C",
	"role" text,
	"model" text,
	"stop_reason" text,
	"input_tokens" bigint,
	"output_tokens" bigint,
	"cache_creation_tokens" bigint,
	"cache_read_tokens" bigint,
	"payload" jsonb NOT NULL,
	"payload_original" text,
	"content_hash" text COLLATE "C" NOT NULL,
	CONSTRAINT "claude_lines_file_id_byte_offset_pk" PRIMARY KEY("file_id","byte_offset")
);
--> statement-breakpoint
CREATE TABLE "claude_messages" (
	"id" uuid PRIMARY KEY DEFAULT tidemark_uuidv7() NOT NULL,
	"connection_id" uuid NOT NULL,
	"external_id" text COLLATE "C" NOT NULL,
	"message_key" text COLLATE "C" NOT NULL,
	"session_id" text COLLATE "C" NOT NULL,
	"agent_id" text,
	"is_sidechain" boolean NOT NULL,
	"request_id" text,
	"uuid" text,
	"parent_uuid" text,
	"role" text NOT NULL,
	"model" text,
	"at" timestamp (3) with time zone,
	"cwd" text,
	"git_branch" text,
	"text" text,
	"tool_uses" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"stop_reason" text,
	"input_tokens" bigint DEFAULT 0 NOT NULL,
	"output_tokens" bigint DEFAULT 0 NOT NULL,
	"cache_creation_tokens" bigint DEFAULT 0 NOT NULL,
	"cache_read_tokens" bigint DEFAULT 0 NOT NULL,
	"line_count" integer NOT NULL,
	"content_hash" text COLLATE "C" NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "claude_sessions" (
	"id" uuid PRIMARY KEY DEFAULT tidemark_uuidv7() NOT NULL,
	"connection_id" uuid NOT NULL,
	"external_id" text COLLATE "C" NOT NULL,
	"project" text,
	"project_path" text,
	"git_branch" text,
	"title" text,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"message_count" integer DEFAULT 0 NOT NULL,
	"models" text[] DEFAULT '{}' NOT NULL,
	"input_tokens" bigint DEFAULT 0 NOT NULL,
	"output_tokens" bigint DEFAULT 0 NOT NULL,
	"cache_creation_tokens" bigint DEFAULT 0 NOT NULL,
	"cache_read_tokens" bigint DEFAULT 0 NOT NULL,
	"content_hash" text COLLATE "C" NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"source_gone_at" timestamp (3) with time zone,
	"deleted_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "source_positions" (
	"connection_id" uuid NOT NULL,
	"stream" text NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"position" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "source_positions_connection_id_stream_key_pk" PRIMARY KEY("connection_id","stream","key")
);
--> statement-breakpoint
CREATE TABLE "sync_decisions" (
	"sync_id" uuid NOT NULL,
	"subject" text COLLATE "C" NOT NULL,
	"decision" text NOT NULL,
	"reason" text NOT NULL,
	"inserted" integer DEFAULT 0 NOT NULL,
	"updated" integer DEFAULT 0 NOT NULL,
	"deleted" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "sync_decisions_sync_id_subject_pk" PRIMARY KEY("sync_id","subject"),
	CONSTRAINT "sync_decisions_decision" CHECK (decision IN ('insert', 'update', 'skip'))
);
--> statement-breakpoint
CREATE TABLE "synced_records" (
	"connection_id" uuid NOT NULL,
	"stream" text NOT NULL,
	"external_id" text COLLATE "C" NOT NULL,
	"data" jsonb NOT NULL,
	"original" text,
	"as_of" timestamp (3) with time zone NOT NULL,
	"content_hash" text COLLATE "C" NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "synced_records_connection_id_stream_external_id_pk" PRIMARY KEY("connection_id","stream","external_id")
);
--> statement-breakpoint
ALTER TABLE "syncs" ADD COLUMN "options" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "claude_files" ADD CONSTRAINT "claude_files_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "claude_lines" ADD CONSTRAINT "claude_lines_file_id_claude_files_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."claude_files"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "claude_lines" ADD CONSTRAINT "claude_lines_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "claude_messages" ADD CONSTRAINT "claude_messages_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "claude_sessions" ADD CONSTRAINT "claude_sessions_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "source_positions" ADD CONSTRAINT "source_positions_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_decisions" ADD CONSTRAINT "sync_decisions_sync_id_syncs_id_fk" FOREIGN KEY ("sync_id") REFERENCES "public"."syncs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "synced_records" ADD CONSTRAINT "synced_records_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "claude_files_path" ON "claude_files" USING btree ("connection_id","path");--> statement-breakpoint
CREATE INDEX "claude_files_session" ON "claude_files" USING btree ("connection_id","session_id");--> statement-breakpoint
CREATE INDEX "claude_lines_message" ON "claude_lines" USING btree ("connection_id","message_key") WHERE message_key IS NOT NULL;--> statement-breakpoint
CREATE INDEX "claude_lines_session" ON "claude_lines" USING btree ("connection_id","session_id");--> statement-breakpoint
CREATE INDEX "claude_lines_title" ON "claude_lines" USING btree ("connection_id","session_id") WHERE title_rank IS NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "claude_messages_external_id" ON "claude_messages" USING btree ("connection_id","external_id");--> statement-breakpoint
CREATE INDEX "claude_messages_key" ON "claude_messages" USING btree ("connection_id","message_key");--> statement-breakpoint
CREATE INDEX "claude_messages_session" ON "claude_messages" USING btree ("connection_id","session_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "claude_sessions_external_id" ON "claude_sessions" USING btree ("connection_id","external_id");--> statement-breakpoint
CREATE INDEX "claude_sessions_recent" ON "claude_sessions" USING btree ("connection_id","ended_at");--> statement-breakpoint
CREATE INDEX "sync_decisions_decision" ON "sync_decisions" USING btree ("sync_id","decision","subject");
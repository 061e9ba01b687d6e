CREATE TABLE "automation_firings" (
	"id" uuid PRIMARY KEY DEFAULT tidemark_uuidv7() NOT NULL,
	"rule_id" uuid NOT NULL,
	"conversation_id" uuid NOT NULL,
	"event_id" uuid NOT NULL,
	"message_id" text,
	"is_first" boolean NOT NULL,
	"actions" jsonb NOT NULL,
	"fired_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "automation_rules" (
	"id" uuid PRIMARY KEY DEFAULT tidemark_uuidv7() NOT NULL,
	"tenant_id" uuid NOT NULL,
	"connection_id" uuid,
	"name" text NOT NULL,
	"enabled" boolean NOT NULL,
	"condition" jsonb NOT NULL,
	"actions" jsonb NOT NULL,
	"active_since" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "conversation_tags" (
	"conversation_id" uuid NOT NULL,
	"tag" text NOT NULL,
	"automatic" boolean NOT NULL,
	"as_of" timestamp (3) with time zone NOT NULL,
	"as_of_key" text COLLATE "C" DEFAULT '' NOT NULL,
	"cause" text NOT NULL,
	"rule_id" uuid,
	"removed_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "conversation_tags_conversation_id_tag_pk" PRIMARY KEY("conversation_id","tag"),
	CONSTRAINT "conversation_tags_cause" CHECK (cause IN ('api', 'rule'))
);
--> statement-breakpoint
ALTER TABLE "automation_firings" ADD CONSTRAINT "automation_firings_rule_id_automation_rules_id_fk" FOREIGN KEY ("rule_id") REFERENCES "public"."automation_rules"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "automation_firings" ADD CONSTRAINT "automation_firings_conversation_id_messenger_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."messenger_conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "automation_firings" ADD CONSTRAINT "automation_firings_event_id_contact_interaction_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."contact_interaction_events"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "automation_rules" ADD CONSTRAINT "automation_rules_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "automation_rules" ADD CONSTRAINT "automation_rules_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversation_tags" ADD CONSTRAINT "conversation_tags_conversation_id_messenger_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."messenger_conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversation_tags" ADD CONSTRAINT "conversation_tags_rule_id_automation_rules_id_fk" FOREIGN KEY ("rule_id") REFERENCES "public"."automation_rules"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "automation_firings_once" ON "automation_firings" USING btree ("rule_id","event_id");--> statement-breakpoint
CREATE UNIQUE INDEX "automation_firings_first" ON "automation_firings" USING btree ("rule_id","conversation_id") WHERE is_first;--> statement-breakpoint
CREATE INDEX "automation_firings_list" ON "automation_firings" USING btree ("rule_id","id");--> statement-breakpoint
CREATE INDEX "automation_firings_conversation" ON "automation_firings" USING btree ("conversation_id");--> statement-breakpoint
CREATE INDEX "automation_firings_event" ON "automation_firings" USING btree ("event_id");--> statement-breakpoint
CREATE INDEX "automation_rules_tenant" ON "automation_rules" USING btree ("tenant_id","id");--> statement-breakpoint
CREATE INDEX "automation_rules_connection" ON "automation_rules" USING btree ("connection_id");--> statement-breakpoint
CREATE INDEX "conversation_tags_automatic" ON "conversation_tags" USING btree ("conversation_id") WHERE automatic AND removed_at IS NULL;--> statement-breakpoint
CREATE INDEX "conversation_tags_rule" ON "conversation_tags" USING btree ("rule_id") WHERE rule_id IS NOT NULL;
CREATE TABLE "unanswered_groups" (
	"id" uuid PRIMARY KEY NOT NULL,
	"question" text NOT NULL,
	"wordings" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"occurrences" integer DEFAULT 0 NOT NULL,
	"fallbacks" integer DEFAULT 0 NOT NULL,
	"ignored_suggestions" integer DEFAULT 0 NOT NULL,
	"thumbs_down" integer DEFAULT 0 NOT NULL,
	"earlier" integer DEFAULT 0 NOT NULL,
	"first_seen_at" timestamp (3) with time zone NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"resolution" text,
	"resolved_at" timestamp (3) with time zone,
	"resolved_by" uuid,
	"faq_id" uuid,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "unanswered_groups_status_check" CHECK ("unanswered_groups"."status" in ('open', 'resolved', 'dismissed'))
);
--> statement-breakpoint
CREATE TABLE "unanswered_questions" (
	"message_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"group_id" uuid,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"settled_at" timestamp (3) with time zone,
	CONSTRAINT "unanswered_questions_message_id_kind_pk" PRIMARY KEY("message_id","kind"),
	CONSTRAINT "unanswered_questions_kind_check" CHECK ("unanswered_questions"."kind" in ('fallback', 'suggestion', 'thumbs_down'))
);
--> statement-breakpoint
CREATE TABLE "work_claims" (
	"name" text PRIMARY KEY NOT NULL,
	"claimed_by" uuid NOT NULL,
	"claimed_until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "messages" DROP CONSTRAINT "messages_reply_state_check";--> statement-breakpoint
ALTER TABLE "chat_config" ADD COLUMN "office_hours" jsonb;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "handling" text DEFAULT 'bot' NOT NULL;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "waiting_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "handover_question_id" uuid;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "agent_id" uuid;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "agent_id" uuid;--> statement-breakpoint
ALTER TABLE "unanswered_groups" ADD CONSTRAINT "unanswered_groups_resolved_by_users_id_fk" FOREIGN KEY ("resolved_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "unanswered_groups" ADD CONSTRAINT "unanswered_groups_faq_id_faqs_id_fk" FOREIGN KEY ("faq_id") REFERENCES "public"."faqs"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "unanswered_questions" ADD CONSTRAINT "unanswered_questions_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "unanswered_questions" ADD CONSTRAINT "unanswered_questions_group_id_unanswered_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."unanswered_groups"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "unanswered_groups_often_idx" ON "unanswered_groups" USING btree ("status","occurrences","last_seen_at","id");--> statement-breakpoint
CREATE INDEX "unanswered_groups_recent_idx" ON "unanswered_groups" USING btree ("last_seen_at");--> statement-breakpoint
CREATE INDEX "unanswered_groups_resolved_by_idx" ON "unanswered_groups" USING btree ("resolved_by") WHERE "unanswered_groups"."resolved_by" is not null;--> statement-breakpoint
CREATE INDEX "unanswered_groups_faq_idx" ON "unanswered_groups" USING btree ("faq_id") WHERE "unanswered_groups"."faq_id" is not null;--> statement-breakpoint
CREATE INDEX "unanswered_questions_due_idx" ON "unanswered_questions" USING btree ("due_at") WHERE "unanswered_questions"."group_id" is null;--> statement-breakpoint
CREATE INDEX "unanswered_questions_group_idx" ON "unanswered_questions" USING btree ("group_id","asked_at");--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_agent_id_users_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_agent_id_users_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "conversations_handling_idx" ON "conversations" USING btree ("handling","waiting_since","id") WHERE "conversations"."handling" <> 'bot';--> statement-breakpoint
CREATE INDEX "conversations_agent_idx" ON "conversations" USING btree ("agent_id") WHERE "conversations"."agent_id" is not null;--> statement-breakpoint
CREATE INDEX "messages_agent_idx" ON "messages" USING btree ("agent_id") WHERE "messages"."agent_id" is not null;--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_handling_check" CHECK ("conversations"."handling" in ('bot', 'waiting', 'person'));--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_reply_state_check" CHECK ("messages"."reply_state" is null or ("messages"."reply_state" in ('pending', 'answered', 'person') and "messages"."sender" = 'customer'));--> statement-breakpoint
-- What was not answered so far; a background pass puts it into groups.
INSERT INTO "unanswered_questions" ("message_id", "kind", "asked_at", "due_at")
  SELECT q."id", 'fallback', q."created_at", now() FROM "messages" r JOIN "messages" q ON q."id" = r."reply_to" WHERE r."sender" = 'bot' AND r."source" = 'fallback';--> statement-breakpoint
INSERT INTO "unanswered_questions" ("message_id", "kind", "asked_at", "due_at")
  SELECT q."id", 'suggestion', q."created_at", now() FROM "messages" r JOIN "messages" q ON q."id" = r."reply_to" WHERE r."sender" = 'bot' AND r."source" = 'faq' AND jsonb_typeof(r."suggestions") = 'array' AND r."suggestions" <> '[]'::jsonb;--> statement-breakpoint
INSERT INTO "unanswered_questions" ("message_id", "kind", "asked_at", "due_at")
  SELECT q."id", 'thumbs_down', q."created_at", now() FROM "feedback" f JOIN "messages" r ON r."id" = f."message_id" JOIN "messages" q ON q."id" = r."reply_to" WHERE f."value" = 'down' ON CONFLICT DO NOTHING;

CREATE TABLE "audit_log" (
	"id" uuid PRIMARY KEY NOT NULL,
	"actor_id" uuid,
	"action" text NOT NULL,
	"entity" text NOT NULL,
	"entity_id" text,
	"before" jsonb,
	"after" jsonb,
	"request_id" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "chat_config" (
	"id" uuid PRIMARY KEY NOT NULL,
	"singleton" boolean DEFAULT true NOT NULL,
	"bot_name" text NOT NULL,
	"greeting" text NOT NULL,
	"fallback_message" text NOT NULL,
	"contact_email" text,
	"accent_color" text,
	"polling_interval_ms" integer NOT NULL,
	"rag_api_url" text,
	"rag_api_format" text DEFAULT 'plain' NOT NULL,
	"rag_feedback_url" text,
	"rag_api_key_encrypted" text,
	"rag_api_key_hint" text,
	"rag_timeout_ms" integer NOT NULL,
	"rag_late_answer_ms" integer NOT NULL,
	"answer_strictness" text DEFAULT 'balanced' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "chat_config_singleton_check" CHECK ("chat_config"."singleton"),
	CONSTRAINT "chat_config_polling_check" CHECK ("chat_config"."polling_interval_ms" between 500 and 60000),
	CONSTRAINT "chat_config_timeout_check" CHECK ("chat_config"."rag_timeout_ms" between 500 and 60000)
);
--> statement-breakpoint
CREATE TABLE "conversations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"customer_id" uuid NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"last_seq" integer DEFAULT 0 NOT NULL,
	"last_message_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "conversations_status_check" CHECK ("conversations"."status" in ('active', 'closed'))
);
--> statement-breakpoint
CREATE TABLE "faq_phrasings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"faq_id" uuid NOT NULL,
	"text" text NOT NULL,
	"position" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "faqs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"question" text NOT NULL,
	"question_key" text NOT NULL,
	"answer" text NOT NULL,
	"order" integer DEFAULT 0 NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "feedback" (
	"id" uuid PRIMARY KEY NOT NULL,
	"message_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"value" text,
	"comment" text,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "feedback_value_check" CHECK ("feedback"."value" in ('up', 'down'))
);
--> statement-breakpoint
CREATE TABLE "feedback_deliveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"feedback_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"payload" jsonb NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_error" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"delivered_at" timestamp (3) with time zone,
	CONSTRAINT "feedback_deliveries_status_check" CHECK ("feedback_deliveries"."status" in ('pending', 'delivered', 'given_up'))
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"conversation_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"sender" text NOT NULL,
	"text" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"client_message_id" uuid,
	"page" text,
	"faq_id" uuid,
	"reply_to" uuid,
	"source" text,
	"score" real,
	"suggestions" jsonb,
	"citations" jsonb,
	"reply_state" text,
	"reply_claimed_until" timestamp (3) with time zone,
	"reply_claimed_by" uuid,
	CONSTRAINT "messages_sender_check" CHECK ("messages"."sender" in ('customer', 'bot', 'agent')),
	CONSTRAINT "messages_source_check" CHECK ("messages"."source" in ('faq', 'rag', 'fallback')),
	CONSTRAINT "messages_reply_state_check" CHECK ("messages"."reply_state" is null or ("messages"."reply_state" in ('pending', 'answered') and "messages"."sender" = 'customer'))
);
--> statement-breakpoint
CREATE TABLE "revisions" (
	"scope" text PRIMARY KEY NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"token_hash" text NOT NULL,
	"user_id" uuid NOT NULL,
	"user_agent" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"password_hash" text,
	"role" text DEFAULT 'customer' NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"disabled_at" timestamp (3) with time zone,
	CONSTRAINT "users_role_check" CHECK ("users"."role" in ('customer', 'admin'))
);
--> statement-breakpoint
CREATE TABLE "wedding_plan_tasks" (
	"customer_id" uuid NOT NULL,
	"task_key" text NOT NULL,
	"done_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "wedding_plan_tasks_customer_id_task_key_pk" PRIMARY KEY("customer_id","task_key")
);
--> statement-breakpoint
CREATE TABLE "wedding_plans" (
	"customer_id" uuid PRIMARY KEY NOT NULL,
	"wedding_date" date,
	"guests" integer,
	"budget_euros" integer,
	"version" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "wedding_plans_guests_check" CHECK ("wedding_plans"."guests" between 0 and 5000),
	CONSTRAINT "wedding_plans_budget_check" CHECK ("wedding_plans"."budget_euros" between 0 and 100000000)
);
--> statement-breakpoint
ALTER TABLE "audit_log" ADD CONSTRAINT "audit_log_actor_id_users_id_fk" FOREIGN KEY ("actor_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_customer_id_users_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "faq_phrasings" ADD CONSTRAINT "faq_phrasings_faq_id_faqs_id_fk" FOREIGN KEY ("faq_id") REFERENCES "public"."faqs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feedback" ADD CONSTRAINT "feedback_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feedback" ADD CONSTRAINT "feedback_customer_id_users_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feedback_deliveries" ADD CONSTRAINT "feedback_deliveries_feedback_id_feedback_id_fk" FOREIGN KEY ("feedback_id") REFERENCES "public"."feedback"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_customer_id_users_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_faq_id_faqs_id_fk" FOREIGN KEY ("faq_id") REFERENCES "public"."faqs"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_reply_to_fk" FOREIGN KEY ("reply_to") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wedding_plan_tasks" ADD CONSTRAINT "wedding_plan_tasks_customer_id_users_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wedding_plans" ADD CONSTRAINT "wedding_plans_customer_id_users_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_log_entity_idx" ON "audit_log" USING btree ("entity","entity_id");--> statement-breakpoint
CREATE INDEX "audit_log_actor_idx" ON "audit_log" USING btree ("actor_id");--> statement-breakpoint
CREATE UNIQUE INDEX "chat_config_one_row" ON "chat_config" USING btree ("singleton");--> statement-breakpoint
CREATE UNIQUE INDEX "conversations_one_active_per_customer" ON "conversations" USING btree ("customer_id") WHERE "conversations"."status" = 'active';--> statement-breakpoint
CREATE INDEX "conversations_customer_idx" ON "conversations" USING btree ("customer_id","status","id");--> statement-breakpoint
CREATE UNIQUE INDEX "faq_phrasings_position_unique" ON "faq_phrasings" USING btree ("faq_id","position");--> statement-breakpoint
CREATE UNIQUE INDEX "faqs_question_key_unique" ON "faqs" USING btree ("question_key");--> statement-breakpoint
CREATE INDEX "faqs_order_idx" ON "faqs" USING btree ("order","id");--> statement-breakpoint
CREATE UNIQUE INDEX "feedback_message_customer_unique" ON "feedback" USING btree ("message_id","customer_id");--> statement-breakpoint
CREATE INDEX "feedback_customer_idx" ON "feedback" USING btree ("customer_id");--> statement-breakpoint
CREATE UNIQUE INDEX "feedback_deliveries_version_unique" ON "feedback_deliveries" USING btree ("feedback_id","version");--> statement-breakpoint
CREATE INDEX "feedback_deliveries_due_idx" ON "feedback_deliveries" USING btree ("next_attempt_at") WHERE "feedback_deliveries"."status" = 'pending';--> statement-breakpoint
CREATE UNIQUE INDEX "messages_conversation_seq_unique" ON "messages" USING btree ("conversation_id","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "messages_client_id_unique" ON "messages" USING btree ("customer_id","client_message_id");--> statement-breakpoint
CREATE UNIQUE INDEX "messages_one_reply_per_question" ON "messages" USING btree ("reply_to") WHERE "messages"."sender" = 'bot';--> statement-breakpoint
CREATE INDEX "messages_pending_idx" ON "messages" USING btree ("conversation_id") WHERE "messages"."reply_state" = 'pending';--> statement-breakpoint
CREATE INDEX "messages_faq_idx" ON "messages" USING btree ("faq_id") WHERE "messages"."faq_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_token_hash_unique" ON "sessions" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "sessions_user_idx" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sessions_expires_idx" ON "sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email_unique" ON "users" USING btree (lower("email"));
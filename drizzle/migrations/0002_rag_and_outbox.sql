ALTER TABLE "chat_config" ADD COLUMN "rag_model" text;--> statement-breakpoint
ALTER TABLE "chat_config" ADD COLUMN "rag_system_prompt" text;--> statement-breakpoint
ALTER TABLE "chat_config" ADD COLUMN "rag_max_in_flight" integer DEFAULT 32 NOT NULL;--> statement-breakpoint
ALTER TABLE "feedback_deliveries" ADD COLUMN "claimed_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "feedback_deliveries" ADD COLUMN "claimed_by" uuid;--> statement-breakpoint
ALTER TABLE "feedback_deliveries" ADD COLUMN "give_up_at" timestamp (3) with time zone DEFAULT now() + interval '7 days' NOT NULL;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "remote_format" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "remote_conversation_id" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "remote_message_id" text;--> statement-breakpoint
CREATE INDEX "feedback_deliveries_status_idx" ON "feedback_deliveries" USING btree ("status","id");--> statement-breakpoint
ALTER TABLE "chat_config" ADD CONSTRAINT "chat_config_in_flight_check" CHECK ("chat_config"."rag_max_in_flight" between 1 and 1000);
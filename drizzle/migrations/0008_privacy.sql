ALTER TABLE "feedback" ALTER COLUMN "message_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "feedback" ALTER COLUMN "customer_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "analytics_state" ADD COLUMN "frozen_before" date;--> statement-breakpoint
ALTER TABLE "chat_config" ADD COLUMN "retention_days" integer;--> statement-breakpoint
ALTER TABLE "chat_config" ADD COLUMN "mask_personal_data" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "feedback" ADD COLUMN "faq_id" uuid;--> statement-breakpoint
ALTER TABLE "feedback" ADD COLUMN "source" text;--> statement-breakpoint
ALTER TABLE "feedback" ADD CONSTRAINT "feedback_faq_id_faqs_id_fk" FOREIGN KEY ("faq_id") REFERENCES "public"."faqs"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "feedback_faq_idx" ON "feedback" USING btree ("faq_id") WHERE "feedback"."faq_id" is not null;--> statement-breakpoint
CREATE INDEX "messages_reply_to_idx" ON "messages" USING btree ("reply_to") WHERE "messages"."reply_to" is not null;--> statement-breakpoint
ALTER TABLE "chat_config" ADD CONSTRAINT "chat_config_retention_check" CHECK ("chat_config"."retention_days" between 1 and 36500);--> statement-breakpoint
-- Days whose messages the retention has deleted keep their figures.
CREATE OR REPLACE FUNCTION mark_stale_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO analytics_stale_days (day) SELECT DISTINCT (created_at AT TIME ZONE 'UTC')::date FROM gone
    WHERE (created_at AT TIME ZONE 'UTC')::date >= coalesce((SELECT frozen_before FROM analytics_state), '-infinity') ORDER BY 1
    -- An update, so that it waits for a count of that day under way, and the count for it.
    ON CONFLICT (day) DO UPDATE SET day = excluded.day;
  RETURN NULL;
END $$;

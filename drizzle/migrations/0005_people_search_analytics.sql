-- The words of a text as the search compares them: lower case, without accents (Greek ones too), one kind of sigma, and
-- an address such as anna@example.com as its words. The same on every server: nothing in it depends on a setting.
-- In plpgsql, which is not inlined, and at its true cost: else the planner thinks that reading the words of ten thousand
-- messages is cheaper than asking the index.
CREATE FUNCTION search_words(words text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
BEGIN
  RETURN to_tsvector('pg_catalog.simple'::regconfig, regexp_replace(replace(
    regexp_replace(lower(normalize(words, NFKD)), '[\u0300-\u036f]+', '', 'g'), 'ς', 'σ'), '[!-/:-@[-`{-~]+', ' ', 'g'));
END $$;
--> statement-breakpoint
CREATE TABLE "analytics_days" (
	"day" date PRIMARY KEY NOT NULL,
	"conversations" integer NOT NULL,
	"messages" integer NOT NULL,
	"questions" integer NOT NULL,
	"faq" integer NOT NULL,
	"suggestion" integer NOT NULL,
	"rag" integer NOT NULL,
	"fallback" integer NOT NULL,
	"up" integer NOT NULL,
	"down" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "analytics_faqs" (
	"day" date NOT NULL,
	"faq_id" uuid NOT NULL,
	"answers" integer NOT NULL,
	"up" integer NOT NULL,
	"down" integer NOT NULL,
	CONSTRAINT "analytics_faqs_day_faq_id_pk" PRIMARY KEY("day","faq_id")
);
--> statement-breakpoint
CREATE TABLE "analytics_reply_times" (
	"day" date NOT NULL,
	"bucket" integer NOT NULL,
	"replies" integer NOT NULL,
	CONSTRAINT "analytics_reply_times_day_bucket_pk" PRIMARY KEY("day","bucket")
);
--> statement-breakpoint
CREATE TABLE "analytics_stale_days" (
	"day" date PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE "analytics_state" (
	"singleton" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"counted_until" timestamp (3) with time zone,
	"claimed_until" timestamp (3) with time zone,
	"claimed_by" uuid,
	CONSTRAINT "analytics_state_singleton_check" CHECK ("analytics_state"."singleton")
);
--> statement-breakpoint
DROP INDEX "audit_log_actor_idx";--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "analytics_faqs" ADD CONSTRAINT "analytics_faqs_faq_id_faqs_id_fk" FOREIGN KEY ("faq_id") REFERENCES "public"."faqs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "analytics_faqs_faq_idx" ON "analytics_faqs" USING btree ("faq_id");--> statement-breakpoint
CREATE INDEX "audit_log_actor_recent_idx" ON "audit_log" USING btree ("actor_id","id");--> statement-breakpoint
CREATE INDEX "feedback_value_recent_idx" ON "feedback" USING btree ("value","updated_at","id") WHERE "feedback"."value" is not null;--> statement-breakpoint
CREATE INDEX "feedback_created_idx" ON "feedback" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "feedback_changed_idx" ON "feedback" USING btree ("updated_at","created_at");--> statement-breakpoint
CREATE INDEX "messages_created_idx" ON "messages" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "messages_source_idx" ON "messages" USING btree ("source","conversation_id") WHERE "messages"."source" is not null;--> statement-breakpoint
CREATE INDEX "messages_search_idx" ON "messages" USING gin (search_words("text")) WITH (gin_pending_list_limit=256);--> statement-breakpoint
CREATE INDEX "users_search_idx" ON "users" USING gin (search_words("name" || ' ' || "email"));--> statement-breakpoint
CREATE INDEX "users_admins_idx" ON "users" USING btree ("id") WHERE "users"."role" = 'admin';--> statement-breakpoint
-- What is deleted was counted: its days are counted anew. Deletes are rare; a day's own inserts are found by their time.
CREATE FUNCTION mark_stale_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO analytics_stale_days (day) SELECT DISTINCT (created_at AT TIME ZONE 'UTC')::date FROM gone ORDER BY 1
    -- An update, so that it waits for a count of that day under way, and the count for it.
    ON CONFLICT (day) DO UPDATE SET day = excluded.day;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER messages_stale_days AFTER DELETE ON messages REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION mark_stale_days();
--> statement-breakpoint
CREATE TRIGGER feedback_stale_days AFTER DELETE ON feedback REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION mark_stale_days();

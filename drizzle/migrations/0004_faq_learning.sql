CREATE TABLE "faq_negatives" (
	"id" uuid PRIMARY KEY NOT NULL,
	"faq_id" uuid NOT NULL,
	"question" text NOT NULL,
	"feedback_id" uuid,
	"created_by" uuid,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "faq_vectors" (
	"hash" text PRIMARY KEY NOT NULL,
	"model" text NOT NULL,
	"vector" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "faq_negatives" ADD CONSTRAINT "faq_negatives_faq_id_faqs_id_fk" FOREIGN KEY ("faq_id") REFERENCES "public"."faqs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "faq_negatives" ADD CONSTRAINT "faq_negatives_feedback_id_feedback_id_fk" FOREIGN KEY ("feedback_id") REFERENCES "public"."feedback"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "faq_negatives" ADD CONSTRAINT "faq_negatives_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "faq_negatives_feedback_unique" ON "faq_negatives" USING btree ("feedback_id");--> statement-breakpoint
CREATE INDEX "faq_negatives_faq_idx" ON "faq_negatives" USING btree ("faq_id");--> statement-breakpoint
CREATE INDEX "faq_negatives_created_by_idx" ON "faq_negatives" USING btree ("created_by");
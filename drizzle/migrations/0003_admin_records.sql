CREATE INDEX "audit_log_entity_recent_idx" ON "audit_log" USING btree ("entity","id");--> statement-breakpoint
CREATE INDEX "conversations_recent_idx" ON "conversations" USING btree ("last_message_at","id") WHERE "conversations"."last_message_at" is not null;--> statement-breakpoint
CREATE INDEX "conversations_status_recent_idx" ON "conversations" USING btree ("status","last_message_at","id") WHERE "conversations"."last_message_at" is not null;--> statement-breakpoint
CREATE INDEX "feedback_recent_idx" ON "feedback" USING btree ("updated_at","id") WHERE "feedback"."value" is not null;--> statement-breakpoint
CREATE INDEX "users_email_prefix_idx" ON "users" USING btree (lower("email") text_pattern_ops);--> statement-breakpoint
CREATE INDEX "users_name_prefix_idx" ON "users" USING btree (lower("name") text_pattern_ops);
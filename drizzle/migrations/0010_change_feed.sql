-- Tells every server that listens what it may no longer keep in memory (docs/decisions/0022): "c" and the customer whose
-- conversations changed, "u" and the user whose account or sessions did. A notification leaves with its commit, in the
-- order of the commits; the same one said twice in a transaction is sent once.
CREATE FUNCTION tell_conversation_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('vasiliasbot_changes', 'c' || OLD.customer_id);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER conversations_tell_update AFTER UPDATE ON conversations FOR EACH ROW
  WHEN ((OLD.version, OLD.status, OLD.handling, OLD.customer_id) IS DISTINCT FROM (NEW.version, NEW.status, NEW.handling, NEW.customer_id))
  EXECUTE FUNCTION tell_conversation_change();
--> statement-breakpoint
CREATE TRIGGER conversations_tell_delete AFTER DELETE ON conversations FOR EACH ROW EXECUTE FUNCTION tell_conversation_change();
--> statement-breakpoint
CREATE FUNCTION tell_session_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('vasiliasbot_changes', 'u' || OLD.user_id);
  RETURN NULL;
END $$;
--> statement-breakpoint
-- A session that is prolonged, and one removed after its time, are no news.
CREATE TRIGGER sessions_tell_update AFTER UPDATE ON sessions FOR EACH ROW
  WHEN (NEW.expires_at <= OLD.expires_at OR (OLD.token_hash, OLD.user_id) IS DISTINCT FROM (NEW.token_hash, NEW.user_id))
  EXECUTE FUNCTION tell_session_change();
--> statement-breakpoint
CREATE TRIGGER sessions_tell_delete AFTER DELETE ON sessions FOR EACH ROW WHEN (OLD.expires_at > now()) EXECUTE FUNCTION tell_session_change();
--> statement-breakpoint
CREATE FUNCTION tell_account_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('vasiliasbot_changes', 'u' || OLD.id);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER users_tell_update AFTER UPDATE ON users FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION tell_account_change();

-- A message is what was said: once stored, nobody changes its words, who said them, where, or when.
CREATE FUNCTION refuse_message_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'messages are immutable: the text, sender, conversation, seq and time of a message never change'
    USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER messages_immutable BEFORE UPDATE OF text, sender, conversation_id, customer_id, seq, created_at ON messages
  FOR EACH ROW
  WHEN (OLD.text IS DISTINCT FROM NEW.text OR OLD.sender IS DISTINCT FROM NEW.sender
    OR OLD.conversation_id IS DISTINCT FROM NEW.conversation_id OR OLD.customer_id IS DISTINCT FROM NEW.customer_id
    OR OLD.seq IS DISTINCT FROM NEW.seq OR OLD.created_at IS DISTINCT FROM NEW.created_at)
  EXECUTE FUNCTION refuse_message_rewrite();

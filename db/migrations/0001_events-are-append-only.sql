CREATE FUNCTION "claudbot"."refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the journal is append only: % on % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END
$$;
--> statement-breakpoint
CREATE TRIGGER "events_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "claudbot"."events"
  FOR EACH STATEMENT EXECUTE FUNCTION "claudbot"."refuse_change"();
--> statement-breakpoint
CREATE TRIGGER "meta_mode_stays" BEFORE UPDATE OF "mode" OR DELETE OR TRUNCATE ON "claudbot"."meta"
  FOR EACH STATEMENT EXECUTE FUNCTION "claudbot"."refuse_change"();

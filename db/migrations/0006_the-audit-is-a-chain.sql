CREATE TABLE "claudbot"."audit" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"event_seq" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"kind" text NOT NULL,
	"platform" text,
	"person" text,
	"name" text,
	"account" text,
	"room" text,
	"inbound" text,
	"words" text,
	"action" text NOT NULL,
	"decision" text NOT NULL,
	"reason" text NOT NULL,
	"snapshot" text,
	"before" text,
	"after" text,
	"approvals" text NOT NULL,
	"request" text,
	"count" integer NOT NULL,
	"previous" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "audit_once" UNIQUE("event_seq")
);
--> statement-breakpoint
CREATE INDEX "audit_request" ON "claudbot"."audit" USING btree ("request","seq") WHERE request is not null;--> statement-breakpoint
CREATE TRIGGER "audit_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "claudbot"."audit"
  FOR EACH STATEMENT EXECUTE FUNCTION "claudbot"."refuse_change"();

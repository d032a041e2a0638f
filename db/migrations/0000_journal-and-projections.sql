CREATE SCHEMA IF NOT EXISTS "claudbot";
--> statement-breakpoint
CREATE TABLE "claudbot"."checkpoints" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"body" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "claudbot"."cursors" (
	"name" text PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "claudbot"."deliveries" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "claudbot"."deliveries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"room" text NOT NULL,
	"lane" text NOT NULL,
	"event_seq" bigint,
	"dedupe" text NOT NULL,
	"key" text,
	"edit" boolean NOT NULL,
	"card" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"attempted_at" timestamp (3) with time zone,
	"uncertain" boolean DEFAULT false NOT NULL,
	"retry_at" timestamp (3) with time zone,
	"message_id" text,
	"delivered_at" timestamp (3) with time zone,
	"why" text,
	CONSTRAINT "deliveries_once" UNIQUE("room","dedupe"),
	CONSTRAINT "deliveries_lane" CHECK ("claudbot"."deliveries"."lane" in ('critical', 'reply', 'info')),
	CONSTRAINT "deliveries_state" CHECK ("claudbot"."deliveries"."state" in ('waiting', 'delivered', 'failed', 'superseded'))
);
--> statement-breakpoint
CREATE TABLE "claudbot"."events" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"epoch" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"kind" text NOT NULL,
	"body" jsonb NOT NULL,
	CONSTRAINT "events_seq_from_one" CHECK ("claudbot"."events"."seq" > 0)
);
--> statement-breakpoint
CREATE TABLE "claudbot"."inbound" (
	"id" text PRIMARY KEY NOT NULL,
	"room" text NOT NULL,
	"account" text NOT NULL,
	"text" text NOT NULL,
	"sent_at" timestamp (3) with time zone NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"outcome" text,
	"done_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "claudbot"."lease" (
	"id" smallint PRIMARY KEY DEFAULT 1 NOT NULL,
	"epoch" bigint NOT NULL,
	"holder" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "lease_epoch_unique" UNIQUE("epoch"),
	CONSTRAINT "lease_is_one" CHECK ("claudbot"."lease"."id" = 1)
);
--> statement-breakpoint
CREATE TABLE "claudbot"."meta" (
	"id" smallint PRIMARY KEY DEFAULT 1 NOT NULL,
	"mode" text NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "meta_is_one" CHECK ("claudbot"."meta"."id" = 1)
);
--> statement-breakpoint
CREATE TABLE "claudbot"."balances" (
	"currency" text PRIMARY KEY NOT NULL,
	"available" numeric NOT NULL,
	"hold" numeric NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "claudbot"."confirmations" (
	"id" text PRIMARY KEY NOT NULL,
	"verb" text NOT NULL,
	"proposal" jsonb NOT NULL,
	"snapshot" jsonb NOT NULL,
	"person" text NOT NULL,
	"room" text NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"open" boolean NOT NULL,
	"outcome" text,
	"closed_at" timestamp (3) with time zone,
	"closed_by" text,
	"detail" text,
	"seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "claudbot"."fills" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"order_id" text NOT NULL,
	"product" text NOT NULL,
	"side" text NOT NULL,
	"strategy" text NOT NULL,
	"purpose" text NOT NULL,
	"size" numeric NOT NULL,
	"value" numeric NOT NULL,
	"fee" numeric NOT NULL,
	"price" numeric NOT NULL,
	"reference" numeric NOT NULL,
	"realized" numeric NOT NULL,
	"result" numeric
);
--> statement-breakpoint
CREATE TABLE "claudbot"."intents" (
	"id" text PRIMARY KEY NOT NULL,
	"strategy" text NOT NULL,
	"product" text NOT NULL,
	"side" text NOT NULL,
	"purpose" text NOT NULL,
	"size" numeric NOT NULL,
	"limit_price" numeric NOT NULL,
	"reference" numeric NOT NULL,
	"because" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"outcome" text NOT NULL,
	"order_id" text,
	"vetoes" jsonb NOT NULL,
	"seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "claudbot"."orders" (
	"id" text PRIMARY KEY NOT NULL,
	"intent" text NOT NULL,
	"strategy" text NOT NULL,
	"product" text NOT NULL,
	"side" text NOT NULL,
	"purpose" text NOT NULL,
	"size" numeric NOT NULL,
	"limit_price" numeric NOT NULL,
	"time_in_force" text NOT NULL,
	"reference" numeric NOT NULL,
	"planned_at" timestamp (3) with time zone NOT NULL,
	"valid_until" timestamp (3) with time zone NOT NULL,
	"because" text NOT NULL,
	"asked_by" text,
	"submission" text NOT NULL,
	"progress" text NOT NULL,
	"venue_id" text,
	"executed_size" numeric NOT NULL,
	"executed_value" numeric NOT NULL,
	"executed_fees" numeric NOT NULL,
	"attempts" integer NOT NULL,
	"cancel_asked_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	"closed_why" text,
	"detail" text,
	"seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "claudbot"."positions" (
	"product" text PRIMARY KEY NOT NULL,
	"size" numeric NOT NULL,
	"cost" numeric NOT NULL,
	"realized" numeric NOT NULL,
	"fees" numeric NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"strategy" text NOT NULL,
	"stop" numeric,
	"take" numeric,
	"seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "claudbot"."risk_snapshots" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"day_net" numeric NOT NULL,
	"day_closed" numeric NOT NULL,
	"day_open" numeric NOT NULL,
	"day_limit" numeric,
	"equity" numeric NOT NULL,
	"gross" numeric NOT NULL,
	"gross_limit" numeric,
	"peak" numeric NOT NULL
);
--> statement-breakpoint
CREATE INDEX "deliveries_waiting" ON "claudbot"."deliveries" USING btree ("room","id") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "deliveries_key" ON "claudbot"."deliveries" USING btree ("room","key","id") WHERE key is not null;--> statement-breakpoint
CREATE INDEX "events_kind_seq" ON "claudbot"."events" USING btree ("kind","seq");--> statement-breakpoint
CREATE INDEX "inbound_unfinished" ON "claudbot"."inbound" USING btree ("received_at") WHERE done_at is null;
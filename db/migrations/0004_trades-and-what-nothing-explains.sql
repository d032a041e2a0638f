CREATE TABLE "claudbot"."adjustments" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"currency" text NOT NULL,
	"gap" numeric NOT NULL,
	"sort" text NOT NULL,
	"worth" numeric
);
--> statement-breakpoint
CREATE TABLE "claudbot"."external_orders" (
	"venue_id" text PRIMARY KEY NOT NULL,
	"product" text NOT NULL,
	"client_id" text NOT NULL,
	"side" text NOT NULL,
	"worth" numeric,
	"seen_at" timestamp (3) with time zone NOT NULL,
	"gone_at" timestamp (3) with time zone,
	"seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "claudbot"."trades" (
	"entry" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"venue_id" text NOT NULL,
	"product" text NOT NULL,
	"side" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"price" numeric NOT NULL,
	"size" numeric NOT NULL,
	"value" numeric NOT NULL,
	"fee" numeric NOT NULL,
	"liquidity" text,
	"adjustment" boolean NOT NULL,
	"seq" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "claudbot"."orders" ADD COLUMN "settled_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "claudbot"."orders" ADD COLUMN "quarantine" text;--> statement-breakpoint
ALTER TABLE "claudbot"."orders" ADD COLUMN "quarantined_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "claudbot"."orders" ADD COLUMN "quarantine_detail" text;
ALTER TABLE "claudbot"."intents" ALTER COLUMN "limit_price" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "claudbot"."orders" ALTER COLUMN "limit_price" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "claudbot"."intents" ADD COLUMN "spend" numeric;--> statement-breakpoint
ALTER TABLE "claudbot"."orders" ADD COLUMN "spend" numeric;--> statement-breakpoint
ALTER TABLE "claudbot"."orders" ADD COLUMN "post_only" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "claudbot"."orders" ADD COLUMN "slices" integer;--> statement-breakpoint
ALTER TABLE "claudbot"."orders" ADD COLUMN "slices_from" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "claudbot"."orders" ADD COLUMN "slices_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "claudbot"."orders" ADD COLUMN "leg" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "claudbot"."orders" ADD COLUMN "replaces" text;
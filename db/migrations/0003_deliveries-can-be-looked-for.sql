ALTER TABLE "claudbot"."deliveries" ADD COLUMN "under" text;--> statement-breakpoint
ALTER TABLE "claudbot"."deliveries" ADD COLUMN "mark" text;
/**
 * What drizzle-kit needs to write a migration from the tables in db. Name each for its deed:
 * `npm run db:generate -- --name events-get-a-run-id`. It must not connect to anything.
 */
import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "postgresql",
  schema: ["./db/columns.ts", "./db/schema.ts", "./db/projections.ts"],
  casing: "snake_case",
  out: "./db/migrations",
});

/** Field shapes shared by the endpoints: Coinbase's "", null and absent are one thing, and numbers may be text. */
// coinbase.md §3. Amounts stay text here; read.ts makes them money.
import { z } from "zod";

/** Text, or null for "", null and absent. A number is taken as its text. */
export const text = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) =>
    value === null || value === undefined || value === "" ? null : String(value),
  );

/** True only when it says so: absent and null are false, "True" is true. */
export const flag = z
  .union([z.boolean(), z.string()])
  .nullish()
  .transform((value) => value === true || String(value).toLowerCase() === "true");

/** An array, empty when null or absent. */
export const list = <T extends z.ZodType>(of: T) =>
  z
    .array(of)
    .nullish()
    .transform((rows) => rows ?? []);

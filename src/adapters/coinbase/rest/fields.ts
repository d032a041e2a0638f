/** Field shapes shared by the endpoints: Coinbase's "", null and absent are one thing, and numbers may be text. */
// coinbase.md §3. Amounts stay text here; read.ts makes them money.
import { z } from "zod";
import { fail, ok, type Result } from "../../../core/kernel/result.ts";
import { plain } from "../errors.ts";

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

export interface OddRow {
  readonly raw: unknown;
  /** Where it went wrong, without the value. */
  readonly why: string;
}

/** A row read by itself: an odd one comes back as such and does not cost the others. */
export const row = <T extends z.ZodType>(of: T) =>
  z.unknown().transform((raw): Result<z.output<T>, OddRow> => {
    const read = of.safeParse(raw);
    if (read.success) return ok(read.data);
    const issue = read.error.issues[0];
    return fail({ raw, why: plain(`${issue?.path.join(".")} ${issue?.message}`) });
  });

/** What one field of an odd row says all the same; null when it says nothing. */
export function fieldOf({ raw }: OddRow, name: string): string | null {
  const read = z.object({ [name]: text }).safeParse(raw);
  return read.success ? (read.data[name] ?? null) : null;
}

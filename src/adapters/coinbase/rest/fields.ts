/** Field shapes shared by the endpoints: Coinbase's "", null and absent are one thing, and numbers may be text. */
// coinbase.md §3. Amounts stay text here; read.ts makes them money.
import { z } from "zod";
import { fail, ok, type Result } from "../../../core/kernel/result.ts";
import { plain } from "../errors.ts";

const textOrNull = (value: string | number | null | undefined): string | null =>
  value === null || value === undefined || value === "" ? null : String(value);
const words = z.union([z.string(), z.number()]);

/** Text, or null for "", null and absent. A number is taken as its text. */
export const text = words.nullish().transform(textOrNull);

/** As `text`, but the field must be there: what money rests on must not vanish by a change of name. */
export const told = words.nullable().transform(textOrNull);

/** As `told`, and it must say something. */
export const amount = words.transform(String).refine((value) => value !== "", "is empty");

/** True only when it says so: absent and null are false, "True" is true. */
export const flag = z
  .union([z.boolean(), z.string()])
  .nullish()
  .transform((value) => value === true || String(value).toLowerCase() === "true");

/** As `flag`, but the field must be there. */
export const toldFlag = z
  .union([z.boolean(), z.string()])
  .transform((value) => String(value).toLowerCase() === "true");

/** An array, empty when null. The field must be there: no rows at all must not look like none today. */
export const rows = <T extends z.ZodType>(of: T) =>
  z
    .array(of)
    .nullable()
    .transform((all) => all ?? []);

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

/** One event of a level-2 frame: which book, whole or changes, and its levels as the venue's own texts. */
// Read by hand: a snapshot has tens of thousands of levels. One that cannot be read spoils its event, and so its book.
import { z } from "zod";
import type { BookSide, LevelText } from "../../core/market/book.ts";
import { plain } from "./errors.ts";
import { plainDecimal } from "./plain-decimal.ts";
import { reading } from "./read.ts";

export type BookEvent =
  | {
      /** A snapshot replaces the book; the quantities of an update are absolute. */
      readonly type: "snapshot" | "update";
      readonly wireId: string;
      readonly levels: readonly LevelText[];
    }
  /** It could not be read. `wireId` null: and which book it is about is not told. */
  | { readonly type: "odd"; readonly wireId: string | null; readonly why: string };

/** The venue says bid and offer here; its other interfaces have the other words. */
const SIDES: ReadonlyMap<unknown, BookSide> = new Map([
  ["bid", "bid"],
  ["buy", "bid"],
  ["offer", "ask"],
  ["ask", "ask"],
  ["sell", "ask"],
]);

const Event = z.object({
  type: z.enum(["snapshot", "update"]),
  product_id: z.string(),
  updates: z.array(z.unknown()).nullable(),
});

const Named = z.object({ product_id: z.string() });

export function readBookEvent(event: unknown): BookEvent {
  const read = Event.safeParse(event);
  if (!read.success) {
    const issue = read.error.issues[0];
    const named = Named.safeParse(event);
    const wireId = named.success ? named.data.product_id : null;
    return { type: "odd", wireId, why: plain(`${issue?.path.join(".")} ${issue?.message}`) };
  }
  const { type, product_id: wireId, updates } = read.data;
  const levels = reading(() => (updates ?? []).map(readLevel));
  return levels.ok
    ? { type, wireId, levels: levels.value }
    : { type: "odd", wireId, why: plain(levels.error) };
}

/** @throws RangeError when anything in it is of another kind; whether its texts are amounts, the book finds out */
function readLevel(level: unknown): LevelText {
  if (typeof level !== "object" || level === null) throw new RangeError("a level is no object");
  const { side: word, price_level: price, new_quantity: size } = level as Record<string, unknown>;
  const side = SIDES.get(word) ?? SIDES.get(String(word).toLowerCase());
  if (side === undefined) throw new RangeError("a level has no known side");
  if (typeof price !== "string") throw new RangeError("a level has no price_level");
  if (typeof size !== "string") throw new RangeError("a level has no new_quantity");
  return { side, price: plainDecimal(price), size: plainDecimal(size) };
}

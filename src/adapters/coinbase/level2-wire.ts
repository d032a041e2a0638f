/** One event of a level-2 frame: which book, whole or changes, and its levels as the venue's own texts. */
// Read by hand: a snapshot has tens of thousands of levels. One that cannot be read spoils the event, for the book is then unknown.
import { z } from "zod";
import type { BookSide, LevelText } from "../../core/market/book.ts";

export interface BookEvent {
  /** A snapshot replaces the book; the quantities of an update are absolute. */
  readonly type: "snapshot" | "update";
  readonly wireId: string;
  readonly levels: readonly LevelText[];
}

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

/** @throws RangeError when anything in it cannot be read */
export function readBookEvent(event: unknown): BookEvent {
  const read = Event.safeParse(event);
  if (!read.success) {
    const issue = read.error.issues[0];
    throw new RangeError(`an event of a book: ${issue?.path.join(".")} ${issue?.message}`);
  }
  const { type, product_id: wireId, updates } = read.data;
  return { type, wireId, levels: (updates ?? []).map(readLevel) };
}

function readLevel(level: unknown): LevelText {
  if (typeof level !== "object" || level === null) throw new RangeError("a level is no object");
  const { side: word, price_level: price, new_quantity: size } = level as Record<string, unknown>;
  const side = SIDES.get(word) ?? SIDES.get(String(word).toLowerCase());
  if (side === undefined) throw new RangeError("a level has no known side");
  if (typeof price !== "string") throw new RangeError("a level has no price_level");
  if (typeof size !== "string") throw new RangeError("a level has no new_quantity");
  return { side, price, size };
}

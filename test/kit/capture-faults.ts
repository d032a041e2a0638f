/** One frame of the recorded session lost, doubled or swapped with the next, told to a stream that stands where it should. */
// Instead of everything before the fault, the stream hears both books as they then were, as snapshots, and the frames after
// it under the numbers that follow: a connection begins at 0.
import { createBooks } from "../../src/adapters/coinbase/books.ts";
import { readFrame } from "../../src/adapters/coinbase/frame.ts";
import { decimal } from "../../src/core/kernel/money.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { Book } from "../../src/core/market/book.ts";
import {
  beat,
  type LevelRow,
  levels,
  openStreams,
  renumbered,
} from "../adapters/coinbase/stream-rig.ts";
import { frame } from "../adapters/coinbase/world.ts";
import { lean, recordedFrames } from "./capture.ts";

export const FAULTS = ["remove", "duplicate", "swap"] as const;
export type Fault = (typeof FAULTS)[number];

const PRODUCTS = ["BTC-USD", "ETH-USD"];
const recorded = lean(recordedFrames());
const frames = recorded.map(({ text }) => text);
const BEGAN = instant(Math.floor((recorded[0]?.at ?? 0) * 1000));
export const LAST = frames.length - 1;
/** Frames told after the fault. */
const AFTER = 12;

/** What rests on one book, best first, as `price:size`. */
type Shown = readonly (readonly string[])[];

const rowsOf = (book: Book | null): LevelRow[] =>
  (["bid", "ask"] as const).flatMap((side) =>
    (book?.levels(side, 1e6) ?? []).map(
      ({ price, size }): LevelRow => [side, decimal(price), decimal(size)],
    ),
  );
const bestOf = (book: Book | null): Shown =>
  (["bid", "ask"] as const).map((side) =>
    (book?.levels(side, 10) ?? []).map(({ price, size }) => `${decimal(price)}:${decimal(size)}`),
  );

/** The books before every frame: all levels where a run may begin, the best ones everywhere. */
export function undisturbed(starts: ReadonlySet<number>) {
  const books = createBooks();
  const snapshots = new Map<number, ReadonlyMap<string, readonly LevelRow[]>>();
  const best: Shown[][] = [];
  for (let at = 0; at <= frames.length; at += 1) {
    if (starts.has(at)) {
      const whole = PRODUCTS.filter((product) => books.whole(product) !== null);
      snapshots.set(at, new Map(whole.map((product) => [product, rowsOf(books.whole(product))])));
    }
    best.push(PRODUCTS.map((product) => bestOf(books.whole(product))));
    const next = readFrame(frames[at] ?? "");
    if (next.kind !== "numbered" || next.body.channel !== "level2") continue;
    for (const event of next.body.events) {
      const cause = books.apply(event);
      if (cause !== null) throw new Error(cause);
    }
  }
  return { snapshots, best };
}

function faulty(texts: readonly string[], fault: Fault): readonly string[] {
  const [first = "", second = "", ...rest] = texts;
  if (fault === "remove") return texts.slice(1);
  return fault === "duplicate" ? [first, ...texts] : [second, first, ...rest];
}

/** `equal` or `renewed` are the good ends: the book as it should be, or a connection given up and a new one that is right. */
export async function playFault(
  position: number,
  fault: Fault,
  { snapshots, best }: ReturnType<typeof undisturbed>,
): Promise<"equal" | "renewed" | string> {
  const world = await openStreams(PRODUCTS, {}, BEGAN);
  world.coinbase.feed.start((input) => world.heard.push(input));
  const end = Math.min(position + AFTER, frames.length);
  const before = [...(snapshots.get(position) ?? [])];
  const from = before.length;
  // As after every frame, there is a next one.
  const texts = [
    ...frames.slice(position, end).map((text, i) => renumbered(text, from + i)),
    beat(from + end - position),
  ];
  const tell = async (told: readonly string[]) => {
    await world.up();
    before.forEach(([product, rows], i) => {
      world.say(frame(i, "l2_data", levels("snapshot", product, rows)));
    });
    world.say(...told);
    await world.time.advance(300);
  };
  const shown = (): string =>
    JSON.stringify(
      PRODUCTS.map((product) => {
        const last = world.heard
          .filter((input) => input.kind === "market.depth" && input.product === product)
          .at(-1);
        if (last?.kind !== "market.depth") return [[], []];
        return [last.depth.bids, last.depth.asks].map((side) =>
          side.map(({ price, size }) => `${decimal(price)}:${decimal(size)}`),
        );
      }),
    );
  await tell(faulty(texts, fault));
  const broke = world.of("feed.broken").length;
  if (broke > 0) {
    const said = world.heard.length;
    world.sockets[0]?.handlers.message(beat(from + end - position + 1));
    if (world.heard.length !== said) return "a broken connection was still heard";
    await world.time.advance(1000);
    await tell(texts);
  }
  await world.coinbase.close();
  const expected = JSON.stringify(best[end]);
  if (shown() !== expected) return `the book differs: ${shown()} instead of ${expected}`;
  return broke > 0 ? "renewed" : "equal";
}

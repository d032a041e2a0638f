/** A recorded market session of the real venue, and the same with its books cut down to the levels near the top. */
// Its licence is beside the file. Nothing in the frames is changed but, in the lean form, the length of the two snapshots.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

export interface Recorded {
  /** When it was received, in unix seconds. */
  readonly at: number;
  readonly text: string;
}

const FILE = new URL("../fixtures/capture/market-20260809-btc-eth.jsonl.gz", import.meta.url);
/** Levels a side that a lean snapshot keeps. */
const KEPT = 25;

/** Every received frame, in order. */
export function recordedFrames(): readonly Recorded[] {
  const lines = gunzipSync(readFileSync(FILE)).toString("utf8").trimEnd().split("\n");
  return lines
    .map((line) => JSON.parse(line))
    .filter(({ t }) => t === "recv")
    .map(({ ts, data }) => ({ at: ts, text: data }));
}

interface Level {
  readonly side: string;
  readonly price_level: string;
}

export function lean(frames: readonly Recorded[]): readonly Recorded[] {
  return frames.map(({ at, text }) => {
    if (text.length < 100_000) return { at, text };
    const frame = JSON.parse(text);
    for (const event of frame.events) {
      const best = (side: string, sign: number) =>
        event.updates
          .filter((level: Level) => level.side === side)
          .sort((a: Level, b: Level) => sign * (Number(a.price_level) - Number(b.price_level)))
          .slice(0, KEPT);
      event.updates = [...best("offer", 1), ...best("bid", -1)];
    }
    return { at, text: JSON.stringify(frame) };
  });
}

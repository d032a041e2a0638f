/** Streams that speak, break, fall silent and come back: what they said before a gap is not believed after it. */
import type { Stream } from "./input.ts";
import { list } from "./listing.ts";
import { onStreamAlive, onStreamBroken } from "./market.ts";
import type { Turn } from "./turn.ts";

/** A stream proves each second that it lives. After so long without a word it may have missed anything, whoever slept. */
const LAPSE_MS = 10_000;

export function onAlive(turn: Turn, stream: Stream): void {
  const { sight } = turn.state;
  const known = sight.streams[stream];
  const first = known.aliveAt === null;
  heard(turn, stream);
  const { brokenAt } = known;
  if (first || brokenAt !== null) {
    // What happened before the stream spoke is only in a listing read after it did.
    known.wholeSince = turn.at;
    if (stream === "user" && first) list(turn, "account stream opened");
  }
  if (stream === "market") onStreamAlive(turn);
  if (brokenAt === null) return;
  known.brokenAt = null;
  turn.say({ kind: "feed.recovered", stream, silentMs: turn.at - brokenAt });
  list(turn, `${stream} stream recovered`);
}

/** The stream said something. When it had said nothing for too long, that was a break which nobody told. */
export function heard(turn: Turn, stream: Stream): void {
  const known = turn.state.sight.streams[stream];
  const { aliveAt, brokenAt } = known;
  if (aliveAt !== null && brokenAt === null && turn.at - aliveAt > LAPSE_MS) {
    onBroken(turn, stream, `nothing heard for ${((turn.at - aliveAt) / 1000).toFixed(0)} s`);
    known.brokenAt = aliveAt;
  }
  known.aliveAt = turn.at;
}

/** What the stream said before is no longer complete: prices are forgotten, and the venue is read anew. */
export function onBroken(turn: Turn, stream: Stream, cause: string): void {
  const { sight } = turn.state;
  if (stream === "market") onStreamBroken(turn.state);
  else sight.reconciled = false;
  const known = sight.streams[stream];
  if (known.brokenAt !== null) return;
  known.brokenAt = turn.at;
  if (known.aliveAt !== null) turn.say({ kind: "feed.broke", stream, cause });
}

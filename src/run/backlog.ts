/** When too much news waits for a room, one message says so in its place: people read that, not a hundred late ones. Pure. */
// What must be heard and what answers somebody is never merged away.
import { card } from "../chat/compose.ts";
import type { WallClock } from "../chat/wall-clock.ts";
import type { Instant } from "../core/kernel/time.ts";
import type { Delivery, NewDelivery } from "../ports/deliveries.ts";
import { editsKnown } from "./lane.ts";

const MOST = 50;
const OLDEST_MS = 300_000;
/** So few are told one by one, however late. */
const FEW = 3;
const NAME = "backlog:";

export interface Backlog {
  readonly ids: readonly number[];
  readonly summary: NewDelivery;
}

/** @param rows of one room, all that wait */
export function backlog(rows: readonly Delivery[], now: Instant, wall: WallClock): Backlog | null {
  const news = rows.filter(mayBeMerged).sort((a, b) => a.id - b.id);
  const [first] = news;
  const last = news[news.length - 1];
  if (!first || !last || news.length <= FEW) return null;
  const times = news.map(({ at }) => at).sort((a, b) => a - b);
  const [oldest = now] = times;
  const newest = times[times.length - 1] ?? now;
  if (news.length <= MOST && now - oldest <= OLDEST_MS) return null;
  const summary = card({
    headline: `${news.length} messages were not sent one by one`,
    lines: [
      `They are about ${wall.seconds(oldest)} to ${wall.seconds(newest)} ${wall.zone(newest)}`,
      "This room could not be reached in time; the journal has them all",
    ],
  });
  return {
    ids: news.map(({ id }) => id),
    summary: {
      room: first.room,
      lane: "info",
      eventSeq: null,
      dedupe: `${NAME}${first.id}-${last.id}`,
      key: null,
      edit: false,
      under: null,
      card: summary,
      at: now,
    },
  };
}

const mayBeMerged = (row: Delivery): boolean =>
  row.lane === "info" && !row.uncertain && !editsKnown(row) && !row.dedupe.startsWith(NAME);

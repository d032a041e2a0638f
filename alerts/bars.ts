/** Bars that are not what the venue says of them: one quiet message that rolls. */
import { alert, type Voice } from "../src/chat/alert.ts";
import { barsRoll } from "../src/chat/alert-memory.ts";
import { card } from "../src/chat/compose.ts";
import { eventId } from "../src/chat/event-id.ts";
import { price, units } from "../src/chat/format.ts";
import type { EventOf } from "../src/core/engine/event.ts";
import { later } from "../src/core/kernel/time.ts";
import type { Bar } from "../src/core/market/candles.ts";

export const barsDiffered: Voice<EventOf<"bars.differed">> = (event, seq, _at, context) => {
  const { memory, clock } = context;
  const { product, lengthMs, ours, theirs } = event;
  const roll = memory.rolls.get(barsRoll(product));
  const count = roll?.count ?? 1;
  const until = later(ours.start, lengthMs);
  const said = card({
    headline: `Bars of ${product} differed from the venue's${count > 1 ? ` · ${count} times` : ""}`,
    lines: [
      `${clock.minutes(ours.start)} to ${clock.minutes(until)} ${clock.zone(until)}`,
      `Ours ${inWords(ours)}`,
      `Venue ${inWords(theirs)}`,
      "They are read from the venue anew.",
      count > 1 ? `Since ${clock.minutes(roll?.since ?? ours.start)}` : null,
    ],
    event: eventId(seq),
  });
  const key = `${barsRoll(product)}:${roll?.root ?? seq}`;
  return [alert({ card: said, priority: "P3", key, edit: count > 1 })];
};

const inWords = ({ open, high, low, close, volume }: Bar): string =>
  `open ${price(open)} high ${price(high)} low ${price(low)} close ${price(close)} volume ${units(volume)}`;

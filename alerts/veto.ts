/** Refusals by the gate: one rolling message for each rule and product; a burst of them rings once. */
import { alert, type Voice } from "../src/chat/alert.ts";
import { vetoRoll } from "../src/chat/alert-memory.ts";
import { button, card, few } from "../src/chat/compose.ts";
import { eventId } from "../src/chat/event-id.ts";
import { figure } from "../src/chat/figure.ts";
import { about, many } from "../src/chat/format.ts";
import type { EventOf } from "../src/core/engine/event.ts";
import { notional } from "../src/core/kernel/money.ts";
import type { Veto } from "../src/core/risk/veto.ts";

export const veto: Voice<EventOf<"intent.vetoed">> = (event, seq, at, { memory, clock }) => {
  const name = vetoRoll(event);
  const roll = memory.rolls.get(name);
  const [first, ...others] = event.vetoes;
  const { intent } = event;
  const wanted = `${intent.side.toUpperCase()} ${about(notional(intent.limit, intent.size))}`;
  const rule = (first?.rule ?? "no rule").replaceAll("-", " ");
  const also = few(
    others.map((one) => one.rule.replaceAll("-", " ")),
    3,
  );
  const burst = roll?.burst ?? false;
  const count = many(roll?.count ?? 1, "veto", "vetoes");
  const said = card({
    headline: `${count} · ${intent.product} ${rule}`,
    mark: burst ? "⚠️" : "",
    lines: [
      `Last ${clock.minutes(at)}: ${saw(first)}. Wanted ${wanted}. Nothing sent.`,
      also === "" ? null : `Also refused by: ${also}`,
      burst ? `${roll?.recent.length ?? 0} within 10 min` : null,
      `Since ${clock.minutes(roll?.since ?? at)}`,
    ],
    buttons: [button("Status", "/status"), button("Limits", "/limits")],
    event: eventId(seq),
  });
  if (burst) return [alert({ card: said, priority: "P1", topic: "incidents" })];
  const key = `${name}:${roll?.root ?? seq}`;
  return [alert({ card: said, key, edit: (roll?.count ?? 1) > 1 })];
};

/** `62 bp, limit 50 bp`, or what was missing for judging. */
function saw(one: Veto | undefined): string {
  if (!one) return "no figures";
  if (one.missing !== null) return `no ${one.missing} to judge by`;
  return `${figure(one.observed, one.unit)}, limit ${figure(one.limit, one.unit)}`;
}

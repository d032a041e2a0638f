/** The desk stands on another rung of the go-live ladder: up by people, down by anybody, by itself on a halt. */
import { type Alert, alert, type Voice } from "../src/chat/alert.ts";
import { requestKey } from "../src/chat/alert-memory.ts";
import { clean } from "../src/chat/clean.ts";
import { button, card } from "../src/chat/compose.ts";
import { eventId } from "../src/chat/event-id.ts";
import { limitValue } from "../src/chat/proposal.ts";
import type { EventOf } from "../src/core/engine/event.ts";
import { termText } from "../src/core/risk/baseline.ts";

const GROSS = "portfolio.max_gross_notional_usd";
const LOSS = "portfolio.max_daily_loss_usd";

export const stageChanged: Voice<EventOf<"stage.changed">> = (event, seq, at, context) => {
  const { from, to, by, why, confirmers = [], policy } = event;
  const { clock, memory } = context;
  const cap = (key: string): string => limitValue(key, termText(policy, key));
  const isUp = confirmers.length > 0;
  const said = card({
    headline:
      from === null
        ? `STAGE ${to}`
        : `STAGE ${isUp ? "UP" : "DOWN"} ${from} → ${to} by ${by?.name ?? "the desk itself"}`,
    mark: from === null ? "" : "⚠️",
    lines: [
      `Now: gross ${cap(GROSS)}, daily stop ${cap(LOSS)}`,
      isUp ? `Said yes: ${confirmers.join(", ")}` : `Because: ${clean(why, 160)}`,
      `${clock.seconds(at)} ${clock.zone(at)}. What the next rung asks for: /stage`,
    ],
    buttons: [button("Stage", "/stage"), button("Limits", "/limits")],
    event: eventId(seq),
  });
  const replyTo = by?.room ?? null;
  const common = { card: said, priority: from === null ? "P2" : "P1", topic: "incidents" } as const;
  const spoken: Alert = alert(
    by === null ? common : { ...common, replyTo, under: requestKey(memory, by) },
  );
  return [spoken];
};

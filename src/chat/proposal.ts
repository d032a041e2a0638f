/** A risky request waiting for its second step, in words: what it would do and how it is answered. */
import type { Confirmation, Proposal, Snapshot } from "../core/control/request.ts";
import { type Scope, scopeName } from "../core/control/trading.ts";
import { unreachable } from "../core/kernel/assert.ts";
import type { Button } from "./card.ts";
import { button, few } from "./compose.ts";
import { figure } from "./figure.ts";
import { limitName, limitSpec } from "./limit-key.ts";
import type { WallClock } from "./wall-clock.ts";

/** `RAISE`, `FLATTEN`: the one word of the headline. */
export function proposalWord(proposal: Proposal): string {
  if (proposal.verb === "stage") return `STAGE ${proposal.from} → ${proposal.to}`;
  if (proposal.verb !== "limits set") return proposal.verb.toUpperCase();
  return proposal.class === "restore" ? "RESTORE" : "RAISE";
}

/** A limit's value with its unit: `$1,200`, `62 bp`, `none`. */
export function limitValue(key: string, value: string): string {
  return value === "none" ? "none" : figure(value, limitSpec(key)?.unit ?? "text");
}

/** `4 h`, `90 min`: exactly, unlike an age. */
export function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes % 1440 === 0) return `${minutes / 1440} d`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}

/** `BTC-USD position-notional $1,000 → $1,200` */
export const limitChange = (of: { key: string; from: string; to: string }): string =>
  `${limitName(of.key)} ${limitValue(of.key, of.from)} → ${limitValue(of.key, of.to)}`;

/** What would happen, in one line. */
export function proposalLine({ proposal, snapshot }: Confirmation): string {
  switch (proposal.verb) {
    case "limits set": {
      const { forMs, because } = proposal;
      const lasting = forMs === undefined ? "" : ` for ${duration(forMs)}`;
      return `${limitChange(proposal)}${lasting}${because === undefined ? "" : ` because "${because}"`}`;
    }
    case "resume":
      return resumeLine(proposal.scope ?? "all", snapshot);
    case "rearm":
      return "Clears the latch; the desk lands paused.";
    case "flatten":
      return `Sells everything held of ${few(proposal.products, 4)}.`;
    case "cancel":
      return `Cancels order …${proposal.order.slice(-6)}, which reduces a position.`;
    case "stage":
      return /^\d+$/.test(proposal.value)
        ? `At worst ${limitValue("portfolio.max_gross_notional_usd", proposal.value)} is at stake; gaps can exceed a stop.`
        : `Without a sum that bounds it: whoever approves types ${proposal.value}.`;
    case "kill":
      return "Cancels every open order; positions stay, their stops go off.";
    default:
      return unreachable(proposal);
  }
}

function resumeLine(scope: Scope, seen: Snapshot): string {
  const part = scope === "all" ? "" : ` of ${scopeName(scope)}`;
  const isPaused = scope === "all" ? seen["paused"] !== "no" : seen["paused in part"] !== undefined;
  return isPaused
    ? `Lifts the pause${part}; entries${part} may be placed again.`
    : `Entries${part} may be placed again.`;
}

/** `Confirm: /confirm K7QF before 14:09:05 EDT` */
export function confirmLine(of: Confirmation, clock: WallClock): string {
  const until = `${clock.seconds(of.expiresAt)} ${clock.zone(of.expiresAt)}`;
  return `Confirm: /confirm ${of.code} before ${until}`;
}

/** Where it cannot be confirmed; it can be denied anywhere. */
export const CONFIRM_ELSEWHERE = "Confirm where it was asked or in the private chat.";

export const confirmButton = (of: Confirmation): Button => ({
  ...button(`Confirm ${of.code}`, `/confirm ${of.code}`),
  answers: { confirmation: of.id, verb: "confirm" },
});

export const denyButton = (of: Confirmation): Button => ({
  ...button("Deny", `/deny ${of.code}`),
  answers: { confirmation: of.id, verb: "deny" },
});

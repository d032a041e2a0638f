/** A risky request waiting for its second step, in words: what it would do and how it is answered. */
import type { Confirmation, Proposal } from "../core/control/request.ts";
import { unreachable } from "../core/kernel/assert.ts";
import type { Button } from "./card.ts";
import { button, few } from "./compose.ts";
import { figure } from "./figure.ts";
import { limitName, limitSpec } from "./limit-key.ts";
import type { WallClock } from "./wall-clock.ts";

/** `RAISE`, `FLATTEN`: the one word of the headline. */
export function proposalWord(proposal: Proposal): string {
  return proposal.verb === "limits set" ? "RAISE" : proposal.verb.toUpperCase();
}

/** A limit's value with its unit: `$1,200`, `62 bp`, `none`. */
export function limitValue(key: string, value: string): string {
  return value === "none" ? "none" : figure(value, limitSpec(key)?.unit ?? "text");
}

/** `BTC-USD position-notional $1,000 → $1,200` */
export const limitChange = (of: { key: string; from: string; to: string }): string =>
  `${limitName(of.key)} ${limitValue(of.key, of.from)} → ${limitValue(of.key, of.to)}`;

/** What would happen, in one line. */
export function proposalLine({ proposal, snapshot }: Confirmation): string {
  switch (proposal.verb) {
    case "limits set":
      return limitChange(proposal);
    case "resume":
      return snapshot["paused"] === "no"
        ? "Entries may be placed again."
        : "Lifts the pause; entries may be placed again.";
    case "rearm":
      return "Clears the latch; the desk lands paused.";
    case "flatten":
      return `Sells everything held of ${few(proposal.products, 4)}.`;
    case "cancel":
      return `Cancels order …${proposal.order.slice(-6)}, which reduces a position.`;
    default:
      return unreachable(proposal);
  }
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

/** What one event says for the audit, before it has a place in the chain. */
import type { Approval, Decision } from "../../../core/control/audit.ts";
import type { Proposal, Snapshot } from "../../../core/control/request.ts";
import type { Requester } from "../../../core/control/trading.ts";
import { unreachable } from "../../../core/kernel/assert.ts";
import type { Instant } from "../../../core/kernel/time.ts";

export interface Entry {
  readonly by: Requester | null;
  /** Who it was, where there is no requester to tell; absent for nobody. */
  readonly who?: {
    readonly platform?: string;
    readonly person?: string;
    readonly name?: string;
    readonly room?: string;
    readonly words?: string;
  };
  readonly action: string;
  readonly decision: Decision;
  readonly reason?: string;
  readonly snapshot?: Snapshot;
  readonly before?: string;
  readonly after?: string;
  /** Added to those that its request has already. */
  readonly approvals?: readonly Approval[];
  readonly request?: string;
  readonly count?: number;
}

/** `limits set portfolio.max_daily_loss_usd`, `resume everything`: the same words for ever. */
export function proposed(proposal: Proposal): string {
  switch (proposal.verb) {
    case "limits set":
      return `limits set ${proposal.key}`;
    case "resume":
      return `resume ${proposal.scope ?? "all"}`;
    case "flatten":
      return `flatten ${proposal.products.join(" ")}`;
    case "cancel":
      return `cancel ${proposal.order}`;
    case "stage":
      return `stage ${proposal.from} ${proposal.to}`;
    case "rearm":
    case "kill":
      return proposal.verb;
    default:
      return unreachable(proposal);
  }
}

/** What a proposal moves from where to where, if it says. */
export const movedBy = (proposal: Proposal): Pick<Entry, "before" | "after"> =>
  "from" in proposal ? { before: proposal.from, after: proposal.to } : {};

/** What a proposal gives as its reason. */
export function reasonOf(proposal: Proposal): Pick<Entry, "reason"> {
  if (proposal.verb === "limits set" && proposal.because !== undefined) {
    return { reason: proposal.because };
  }
  return proposal.verb === "kill" ? { reason: proposal.reason } : {};
}

export const approval = (
  step: Approval["step"],
  { person, name, room }: Requester,
  at: Instant,
  saw: string | undefined,
): Approval => ({ step, person, name, room, at, saw: saw ?? null });

/** Of those whose names alone stand in the event. */
export const agreed = (names: readonly string[] | undefined, at: Instant): readonly Approval[] =>
  (names ?? []).map((name) => ({ step: "agreed", person: null, name, room: null, at, saw: null }));

/** What an operator may ask of the engine. Reading is not here: a question never enters the engine. */
import type { ConfirmationId, OrderId, ProductId } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import type { Requester, Scope } from "./trading.ts";

export type Request =
  /** `scope`: a product or a strategy by name. What names neither begins the reason, and everything is paused. */
  | { readonly verb: "pause"; readonly reason: string; readonly scope?: string }
  | { readonly verb: "resume"; readonly scope?: string }
  | { readonly verb: "kill"; readonly reason: string }
  | { readonly verb: "rearm" }
  /** Compare everything with the venue now. */
  | { readonly verb: "reconcile" }
  | { readonly verb: "flatten"; readonly product: ProductId | null }
  /** `order`: the whole client order id or a tail of at least four characters that fits one open order. */
  | { readonly verb: "cancel"; readonly order: string }
  /** `value`: an exact decimal, `+10%`, `-10%`, `none`, or `file` for what the policy file says. */
  | {
      readonly verb: "limits set";
      readonly key: string;
      readonly value: string;
      /** It reverts by itself after so long. */
      readonly forMs?: number;
      readonly because?: string;
    }
  | Answer;

/** The second step of a risky request, or its refusal. */
export interface Answer {
  readonly verb: "confirm" | "deny";
  readonly code: string;
  /** Set when a button was pressed: this one is meant and no other, however its code is used again. */
  readonly confirmation?: ConfirmationId;
}

export type Verb = Request["verb"];

/** The risky requests as they wait for their second step, with parameters made exact. */
export type Proposal =
  /** `scope` absent: everything that is paused or tripped. */
  | { readonly verb: "resume"; readonly scope?: Scope }
  | { readonly verb: "rearm" }
  | { readonly verb: "flatten"; readonly products: readonly ProductId[] }
  | { readonly verb: "cancel"; readonly order: OrderId }
  | {
      readonly verb: "limits set";
      readonly key: string;
      readonly from: string;
      readonly to: string;
      /** Beyond what was approved in full, or back up to it. Absent in requests from before they were told apart: a raise. */
      readonly class?: "raise" | "restore";
      /** The value that was approved in full. */
      readonly approved?: string;
      readonly forMs?: number;
      readonly because?: string;
    };

/** What the requester saw: field name to its text. A field that moved makes the confirmation stale. */
export type Snapshot = Readonly<Record<string, string>>;

export interface Confirmation {
  readonly id: ConfirmationId;
  /** What is typed to answer it, e.g. `K7QF`. Useless without the bound person. */
  readonly code: string;
  readonly proposal: Proposal;
  readonly by: Requester;
  readonly snapshot: Snapshot;
  readonly openedAt: Instant;
  readonly expiresAt: Instant;
}

export const CONFIRM_MS = 120_000;

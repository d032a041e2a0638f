/** What an operator may ask of the engine. Reading is not here: a question never enters the engine. */
import type { ConfirmationId, OrderId, PersonId, ProductId, RoomId } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import type { ChangeClass, Steps } from "./authority.ts";
import type { Requester, Scope } from "./trading.ts";

/** `me`, an id or a configured name, as typed; words of a name may stand in the reason. The engine knows who is meant. */
type Named = string;

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
  /** One rung of the go-live ladder up or down, or down to paper. `rung`: down as far as that one, and no further. */
  | { readonly verb: "stage"; readonly to: "raise" | "paper" }
  | { readonly verb: "stage"; readonly to: "lower"; readonly rung?: string }
  /** That person keeps only /status, /pause and /kill, until the command line gives it back. */
  | { readonly verb: "suspend"; readonly person: Named; readonly reason?: string }
  /** From the host only. */
  | { readonly verb: "restore"; readonly person: PersonId }
  /** From the host only: a platform that showed signs of a stolen token may raise risk again. */
  | { readonly verb: "trust"; readonly platform: string }
  /** `person`: to whom it is handed over. */
  | { readonly verb: "duty"; readonly to: "on" | "off" }
  | { readonly verb: "duty"; readonly to: "handover"; readonly person: Named }
  /** Rings every route and wants a button pressed on each. */
  | { readonly verb: "testalarm" }
  /** The button of a test alarm, pressed in the room it rang in. `alarm`: its id. */
  | { readonly verb: "heard"; readonly alarm: string }
  /**
   * A code of an authenticator, as the shell judged it: the code itself never comes here. `exposed`: others could read it.
   * `step`: its time step, null for a recovery code. `confirmation` absent: the one of this person that waits for a code.
   */
  | {
      readonly verb: "code";
      readonly outcome: "right" | "exposed";
      readonly step: number | null;
      readonly confirmation?: ConfirmationId;
    }
  | Answer;

/** The second step of a risky request, the yes of a second person, or a refusal. */
export interface Answer {
  readonly verb: "confirm" | "approve" | "deny";
  readonly code: string;
  /** What the second person typed beside the code, e.g. the new cap; absent where a button was pressed. */
  readonly value?: string;
  /** Set when a button was pressed: this one is meant and no other, however its code is used again. */
  readonly confirmation?: ConfirmationId;
  /** First sixteen hex digits of the SHA-256 of the card they last saw of it. */
  readonly saw?: string;
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
    }
  /** `value`: what the next rung lets be at stake at most, as whoever approves has to type it. */
  | { readonly verb: "stage"; readonly from: string; readonly to: string; readonly value: string }
  /** Where the policy has a kill confirmed: entries stopped when it was asked. */
  | { readonly verb: "kill"; readonly reason: string };

/** What the requester saw: field name to its text. A field that moved makes the confirmation stale. */
export type Snapshot = Readonly<Record<string, string>>;

/** What has been done of a confirmation's steps. */
export interface Progress {
  readonly confirmedAt?: Instant;
  readonly confirmedIn?: RoomId;
  readonly codeAt?: Instant;
  readonly codeIn?: RoomId;
  readonly approved?: { readonly by: Requester; readonly at: Instant };
  /** When the change is made, if nobody denies it. */
  readonly coolsUntil?: Instant;
}

export interface Confirmation {
  readonly id: ConfirmationId;
  /** What is typed to answer it, e.g. `K7QF`. Useless without the bound person. */
  readonly code: string;
  readonly proposal: Proposal;
  readonly by: Requester;
  readonly snapshot: Snapshot;
  readonly openedAt: Instant;
  /** Of the step that it waits for. */
  readonly expiresAt: Instant;
  /** Code of the older request of the same kind that this one put out. */
  readonly replaces?: string;
  /** Absent in requests from before there were classes: one confirmation and nothing more. */
  readonly class?: ChangeClass;
  readonly steps?: Steps;
  readonly progress?: Progress;
}

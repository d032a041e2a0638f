/** Events of the control plane: requests that wait, rungs, people, duty, alarms, and what was refused. Part of the journal, as all events. */
import type { Confirmation } from "../control/request.ts";
import type { Rung } from "../control/stage.ts";
import type { Requester } from "../control/trading.ts";
import type { PersonId, RoomId } from "../kernel/ids.ts";
import type { Policy } from "../risk/limits.ts";

export type ControlEvent =
  | {
      readonly kind: "confirmation.opened";
      readonly confirmation: Confirmation;
      readonly detail: readonly string[];
    }
  | {
      readonly kind: "confirmation.closed";
      readonly confirmation: Confirmation;
      readonly outcome: "confirmed" | "denied" | "expired" | "stale" | "voided" | "superseded";
      readonly by: Requester | null;
      readonly detail: string;
      /** What of it whoever answered had seen: see `Answer.saw`. */
      readonly saw?: string;
    }
  /** One step of several was taken. `confirmation`: as it waits from now on. */
  | {
      readonly kind: "confirmation.stepped";
      readonly confirmation: Confirmation;
      readonly step: "confirm" | "code" | "approve";
      readonly by: Requester;
      readonly saw?: string;
    }
  /** The time step of a code of theirs, or a recovery code (null), is used up: by being taken, or because others could read it. */
  | {
      readonly kind: "code.spent";
      readonly by: Requester;
      readonly step: number | null;
      readonly exposed: boolean;
    }
  /** Another rung of the go-live ladder, with the caps that are in force on it. `by` null: the desk by itself. */
  | {
      readonly kind: "stage.changed";
      /** Null at the first start with a ladder. */
      readonly from: string | null;
      readonly to: string;
      /** Where the orders of that rung go. Absent in events from before it was kept. */
      readonly venue?: Rung["venue"];
      readonly by: Requester | null;
      readonly why: string;
      readonly confirmers?: readonly string[];
      readonly policy: Policy;
      readonly approved: Policy;
      readonly version: number;
    }
  | {
      readonly kind: "person.suspended";
      readonly person: PersonId;
      readonly name: string;
      readonly by: Requester;
      readonly reason: string;
    }
  | {
      readonly kind: "person.restored";
      readonly person: PersonId;
      readonly name: string;
      readonly by: Requester;
    }
  /** What a platform is taken for again after it showed signs of a stolen token. */
  | { readonly kind: "platform.trusted"; readonly platform: string; readonly by: Requester }
  | {
      readonly kind: "duty.changed";
      readonly by: Requester;
      readonly on: boolean;
      /** To whom it was handed over; null when it was not. */
      readonly to: { readonly person: PersonId; readonly name: string } | null;
      /** What whoever takes over has to know, a line each. */
      readonly open: readonly string[];
    }
  | { readonly kind: "alarm.tested"; readonly alarm: string; readonly by: Requester }
  | {
      readonly kind: "alarm.heard";
      readonly alarm: string;
      readonly by: Requester;
      readonly afterMs: number;
    }
  /** Somebody of ours asked for what is not theirs to ask, or not there, or not any more. Codes are left out of `words`. */
  | {
      readonly kind: "attempt.refused";
      readonly person: PersonId;
      readonly name: string;
      readonly room: RoomId;
      readonly words: string;
      readonly why: string;
      /** As often since it was last written down. */
      readonly count: number;
    };

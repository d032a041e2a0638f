/** The role that every step of whoever asked needs: what raises risk needs it to the end, though it may be taken away meanwhile. */
import type { Proposal } from "../core/control/request.ts";
import type { Role } from "./person.ts";

const RAISING: ReadonlySet<Proposal["verb"]> = new Set(["limits set", "rearm", "stage"]);

/** What is sold, or stopped, is open to whoever guessed codes too. */
const LOWERING: ReadonlySet<Proposal["verb"]> = new Set(["flatten", "kill"]);

/** @param proposal null: nothing waits, and whoever confirms it is guessing */
export const mayRaise = (proposal: Proposal | null): boolean =>
  proposal === null || !LOWERING.has(proposal.verb);

/** @param proposal null: nothing waits */
export const roleFor = (proposal: Proposal | null): Role =>
  proposal && RAISING.has(proposal.verb) ? "risk" : "operator";

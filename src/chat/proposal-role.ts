/** The role that every step of whoever asked needs: what raises risk needs it to the end, though it may be taken away meanwhile. */
import type { Proposal } from "../core/control/request.ts";
import type { Role } from "./person.ts";

const RAISING: ReadonlySet<Proposal["verb"]> = new Set(["limits set", "rearm", "stage"]);

/** @param proposal null: nothing waits */
export const roleFor = (proposal: Proposal | null): Role =>
  proposal && RAISING.has(proposal.verb) ? "risk" : "operator";

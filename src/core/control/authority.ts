/** Who must say yes to what, and within which time. Settled at start from the policy file, which may only be stricter than this. */
import type { PersonId } from "../kernel/ids.ts";

/** What a risky request comes to, from the cheapest to the dearest. */
export type ChangeClass =
  /** Resuming after a pause, flattening, cancelling an exit. */
  | "go-on"
  /** A cap back up to the value that was approved in full. */
  | "restore"
  /** A cap by at most `smallRaisePct` beyond the value approved in full. */
  | "raise"
  /** A cap further beyond it, or one with no measure: no limit, a list, a window. */
  | "large-raise"
  /** Resuming after a breaker of the loss class. */
  | "loss-reset"
  | "rearm"
  | "stage";

/** What stands between asking and the change, beside the requester's own confirmation. */
export interface Steps {
  /** A code of the requester's authenticator. */
  readonly code: boolean;
  /** Another person with the role risk. */
  readonly second: boolean;
  /** They answer on another platform than the requester, where people are linked on two. */
  readonly otherPlatform: boolean;
  /** The text that the second person has to type, e.g. the new gross cap `2500`; null for none. */
  readonly types: string | null;
  /** Between the last step and the change, in ms; anybody may deny meanwhile. */
  readonly coolingMs: number;
}

/** Somebody of the roster, as far as core must know them. */
export interface Principal {
  readonly id: PersonId;
  readonly name: string;
  /** May be the second person. */
  readonly approves: boolean;
  /** Where they are linked, the console left out. */
  readonly platforms: readonly string[];
}

export interface Authority {
  /** Of desks whose orders are real. Elsewhere one confirmation is all, unless the policy asks for more. */
  readonly real: Readonly<Record<ChangeClass, Omit<Steps, "types">>>;
  readonly play: Readonly<Record<ChangeClass, Omit<Steps, "types">>>;
  readonly people: readonly Principal[];
  /** In place of a second person: the code and a long wait. */
  readonly singleOperator: boolean;
  readonly confirmMs: number;
  readonly codeMs: number;
  readonly secondMs: number;
  readonly stageSecondMs: number;
  readonly smallRaisePct: number;
  /** Raises one person may ask for in a UTC day; null for any number. */
  readonly raisesPerDay: number | null;
  /** Typed /kill pauses at once and cancels only when it was confirmed. */
  readonly killAsks: boolean;
}

const MINUTE_MS = 60_000;
const NONE: Omit<Steps, "types"> = {
  code: false,
  second: false,
  otherPlatform: false,
  coolingMs: 0,
};
const CODE = { ...NONE, code: true };
const TWO = { ...CODE, second: true };
const COOL = { ...TWO, coolingMs: 10 * MINUTE_MS };

/** What every live desk asks at least. */
export const REAL_STEPS: Authority["real"] = {
  "go-on": NONE,
  restore: CODE,
  raise: CODE,
  "large-raise": COOL,
  "loss-reset": TWO,
  rearm: { ...TWO, otherPlatform: true },
  stage: { ...COOL, otherPlatform: true },
};

export const PLAY_STEPS: Authority["play"] = {
  "go-on": NONE,
  restore: NONE,
  raise: NONE,
  "large-raise": NONE,
  "loss-reset": NONE,
  rearm: NONE,
  stage: NONE,
};

/** The least wait of whoever has no second person. */
export const ALONE_MS = 60 * MINUTE_MS;

export const USUAL_AUTHORITY: Authority = {
  real: REAL_STEPS,
  play: PLAY_STEPS,
  people: [],
  singleOperator: false,
  confirmMs: 2 * MINUTE_MS,
  codeMs: 3 * MINUTE_MS,
  secondMs: 60 * MINUTE_MS,
  stageSecondMs: 480 * MINUTE_MS,
  smallRaisePct: 25,
  raisesPerDay: null,
  killAsks: false,
};

/** Why the steps cannot be gone by anybody on this roster, as a sentence; null when they can. */
export function impossible(
  steps: Steps,
  asked: { readonly person: PersonId; readonly platform: string },
  { people }: Authority,
  isBarred: (person: PersonId | null, platform: string | null) => boolean,
): string | null {
  if (!steps.second) return null;
  const others = people.filter(
    ({ id, approves }) => approves && id !== asked.person && !isBarred(id, null),
  );
  if (others.length === 0) {
    return "It needs a second person with the role risk, and none is linked: npm run setup, or single_operator: true in the policy file.";
  }
  const reached = others.some(({ platforms }) =>
    platforms.some(
      (one) => (!steps.otherPlatform || one !== asked.platform) && !isBarred(null, one),
    ),
  );
  if (reached || others.every(({ platforms }) => platforms.length === 0)) return null;
  return steps.otherPlatform
    ? `The second person has to answer on another platform than ${asked.platform}, and nobody who may is linked there. Ask it from another platform or at the desk's own console.`
    : "Nobody who may approve it can be reached on a platform that is trusted.";
}

/** Where those are linked who may be a second person. */
export const linkedPlatforms = ({ people }: Authority): ReadonlySet<string> =>
  new Set(people.flatMap(({ approves, platforms }) => (approves ? platforms : [])));

export function stepsOf(
  kind: ChangeClass,
  { isReal, types }: { readonly isReal: boolean; readonly types: string | null },
  authority: Authority,
): Steps {
  const asked = (isReal ? authority.real : authority.play)[kind];
  const two = linkedPlatforms(authority).size > 1;
  if (asked.second && authority.singleOperator) {
    const coolingMs = Math.max(asked.coolingMs, ALONE_MS);
    return { code: true, second: false, otherPlatform: false, types: null, coolingMs };
  }
  const { second } = asked;
  return {
    ...asked,
    otherPlatform: asked.otherPlatform && second && two,
    types: second ? types : null,
  };
}

/** Whether steps that were settled before still ask for all that is asked now. */
export const asksEnough = (had: Steps, asks: Steps): boolean =>
  (had.code || !asks.code) &&
  (had.second || !asks.second) &&
  (had.otherPlatform || !asks.otherPlatform) &&
  had.coolingMs >= asks.coolingMs;

/** Whether the desk may trade, and who or what said no. The strictest word wins; none of them clears by a restart. */
import type { InboundId, PersonId, ProductId, RoomId } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import type { Trip, TripKey } from "../risk/trip.ts";

/**
 * `active` trades · `reducing` (people say paused) takes no entries but runs exits · `halted` only cancels and a confirmed
 * flatten · `killed` as halted, and open orders are cancelled until none is left.
 */
export type TradingState = "active" | "reducing" | "halted" | "killed";

/** Who asked, from where, with which message. */
export interface Requester {
  readonly person: PersonId;
  /** The configured name, never a platform's display name. */
  readonly name: string;
  readonly room: RoomId;
  /** The room is this person's own private chat with the desk, on whichever platform. */
  readonly privately?: boolean;
  /** Asked on the host itself, with a secret that only the desk's own account can read. */
  readonly host?: true;
  readonly inbound: InboundId;
  /** `platform:account` of the speaker, for the record. */
  readonly account?: string;
  /** What was typed or pressed, codes left out, for the record. */
  readonly words?: string;
}

export interface Latch {
  readonly at: Instant;
  /** Null when the desk did it by itself. */
  readonly by: Requester | null;
  readonly reason: string;
}

/** What a pause may be about: everything, one product, or one strategy. */
export type Scope = "all" | `product ${ProductId}` | `strategy ${string}`;

export interface Latches {
  readonly paused: Latch | null;
  /** Pauses of one product or one strategy. */
  readonly pauses: ReadonlyMap<Scope, Latch>;
  readonly halted: Latch | null;
  readonly killed: Latch | null;
  readonly trips: ReadonlyMap<TripKey, Trip>;
}

type Subject = { readonly product: ProductId; readonly strategy: string };

/** Whether what is of a product and a strategy falls under the scope. */
export const isWithin =
  (scope: Scope) =>
  ({ product, strategy }: Subject): boolean =>
    scope === "all" || scope === `product ${product}` || scope === `strategy ${strategy}`;

export const scopeOfTrip = ({ product }: Pick<Trip, "product">): Scope =>
  product === undefined ? "all" : `product ${product}`;

/** `BTC-USD`, `ma-cross`, `everything` */
export const scopeName = (scope: Scope): string =>
  scope === "all" ? "everything" : scope.slice(scope.indexOf(" ") + 1);

/** @param of what is asked about; without it, the desk as a whole: what stops one product alone does not stop it */
export function tradingState(latches: Latches, of: Subject | null = null): TradingState {
  if (latches.killed) return "killed";
  if (latches.halted) return "halted";
  const trips = [...latches.trips.values()];
  const tripped = trips.some(({ product }) => product === undefined || product === of?.product);
  if (latches.paused || tripped) return "reducing";
  if (of === null) return "active";
  return [...latches.pauses.keys()].some((scope) => isWithin(scope)(of)) ? "reducing" : "active";
}

/** Whatever people may do around risky requests, and what may happen to them and to the desk meanwhile. */
import fc from "fast-check";

export const MINUTE = 60_000;
export const LOSS = "portfolio.max_daily_loss_usd";
export const ORDERS = "portfolio.max_orders_per_minute";

const ROOMS = ["telegram:-100", "slack:C1", "private"] as const;
export type Place = (typeof ROOMS)[number];
const PEOPLE = ["ana", "bo", "cy"] as const;

export type Move =
  | {
      readonly do: "raise";
      readonly who: string;
      readonly at: Place;
      readonly key: string;
      readonly by: string;
    }
  | { readonly do: "lower"; readonly who: string; readonly at: Place; readonly key: string }
  | { readonly do: "resume" | "rearm" | "pause" | "kill"; readonly who: string; readonly at: Place }
  | {
      readonly do: "confirm" | "approve" | "deny";
      readonly who: string;
      readonly at: Place;
      readonly nth: number;
      /** What the second person types beside the code. */
      readonly typed: "right" | "wrong" | "nothing";
    }
  | { readonly do: "suspend" | "give-back"; readonly who: string; readonly whom: string }
  /** A platform shows signs of a stolen token, or is trusted again. */
  | { readonly do: "distrust" | "trust"; readonly on: "telegram" | "slack" }
  /** Somebody pauses, and the desk dies before that is in the journal: only the emergency line is left. */
  | { readonly do: "lost-pause"; readonly who: string }
  | {
      readonly do: "code";
      readonly who: string;
      readonly at: Place;
      readonly fresh: boolean;
      readonly exposed: boolean;
    }
  /** The step that the request waits for, by somebody whose it is. */
  | { readonly do: "proper"; readonly nth: number }
  | { readonly do: "trip" }
  | { readonly do: "wait"; readonly ms: number }
  | { readonly do: "restart" };

const who = fc.constantFrom(...PEOPLE);
const at = fc.constantFrom(...ROOMS);
const key = fc.constantFrom(LOSS, ORDERS);

export const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("raise" as const),
      who,
      at,
      key,
      by: fc.constantFrom("+10%", "+25%", "+60%", "none"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("lower" as const), who, at, key }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom("resume" as const, "rearm" as const), who, at }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom("pause" as const, "pause" as const, "kill" as const),
      who,
      at,
    }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "confirm" as const,
        "approve" as const,
        "confirm" as const,
        "deny" as const,
        "approve" as const,
        "confirm" as const,
      ),
      who,
      at,
      nth: fc.nat(2),
      typed: fc.constantFrom(
        "right" as const,
        "right" as const,
        "wrong" as const,
        "nothing" as const,
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom("suspend" as const, "give-back" as const, "give-back" as const),
      who,
      whom: who,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom("distrust" as const, "trust" as const, "trust" as const),
      on: fc.constantFrom("telegram" as const, "slack" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("lost-pause" as const), who }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("code" as const),
      who,
      at: fc.constantFrom<Place>("private", "private", "private", "slack:C1"),
      fresh: fc.boolean(),
      exposed: fc.constantFrom(false, false, false, false, true),
    }),
  },
  { weight: 14, arbitrary: fc.record({ do: fc.constant("proper" as const), nth: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("trip" as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("wait" as const),
      ms: fc.constantFrom(1000, MINUTE, 2.5 * MINUTE, 10 * MINUTE, 11 * MINUTE, 61 * MINUTE),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const) }) },
);

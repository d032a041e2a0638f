/** Which endpoint the next connection of a stream goes to: its own, or another that serves the same channels. */
// It opens nothing. coinbase.md §9; the user channel may be subscribed on the market endpoint too.
import type { Stream } from "../../core/engine/input.ts";

export interface Endpoint {
  readonly name: Stream;
  readonly url: string;
}

/** How a connection ended. */
export interface Ending {
  /** It had lived so long that it counts as having worked. */
  readonly steady: boolean;
  readonly livedMs: number;
}

export interface Route {
  readonly current: Endpoint;
  readonly away: boolean;
  after(ending: Ending): void;
}

/** Failures in a row of the own endpoint before the other is tried. */
const PATIENCE = 3;
/** After so long a life elsewhere the own endpoint is tried again, when the connection ends by itself. */
const HOME_AGAIN_MS = 600_000;

/** Without `other` there is no choice. */
export function route(home: Endpoint, other: Endpoint | null): Route {
  let current = home;
  let failures = 0;
  return {
    get current() {
      return current;
    },
    get away() {
      return current !== home;
    },
    after: ({ steady, livedMs }) => {
      if (other === null) return;
      if (steady) {
        failures = 0;
        if (livedMs >= HOME_AGAIN_MS) current = home;
        return;
      }
      failures += 1;
      if (current === other) current = home;
      else if (failures >= PATIENCE) current = other;
    },
  };
}

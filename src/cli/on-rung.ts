/** Where a desk with a go-live ladder opens: the configuration, with the profile that its rung in the journal makes of it. */
import type { Config } from "../config/config.ts";
import { ladderVenueOf } from "../core/control/ladder.ts";
import type { Rung } from "../core/control/stage.ts";
import { type Desk, newDesk } from "../core/engine/desk.ts";
import { isFlat, opensAnew, venueToOpen } from "../core/engine/stage-venue.ts";
import { StartError } from "./start-error.ts";

export interface OnRung {
  /** `profile` is the mode of this run. */
  readonly config: Config;
  /** What the venue may take for granted: nothing, where the desk was elsewhere before. */
  readonly memory: Desk;
}

/** @throws StartError when the journal holds something of a venue that this desk cannot open */
export function onRung(config: Config, desk: Desk, hasKey: boolean): OnRung {
  const said = venueToOpen(desk, config.ladder);
  if (said === null) return { config, memory: desk };
  const here = openedOn(config, openable(said, desk, hasKey));
  const { ladder } = config;
  if (!opensAnew({ desk, settings: { ladder } }, here.profile)) {
    return { config: here, memory: desk };
  }
  if (isFlat(desk)) return { config: here, memory: newDesk() };
  throw new StartError(
    `The journal is of a desk in ${desk.mode} that holds something still: end it there${hasKey ? "" : ", with COINBASE_KEY_FILE set"}, or give this desk a DATA_DIR of its own.`,
  );
}

/** Without a key the desk waits on paper, and says so. Where its orders were real it does not go on without one. */
function openable(venue: Rung["venue"], { mode }: Desk, hasKey: boolean): Rung["venue"] {
  return hasKey || ladderVenueOf(mode) === "live" ? venue : "paper";
}

function openedOn(config: Config, venue: Rung["venue"]): Config {
  if (venue === "live") return config;
  // In shadow the account's own cash counts, whatever paper began with.
  return { ...config, profile: venue, ...(venue === "shadow" ? { openingCash: null } : {}) };
}

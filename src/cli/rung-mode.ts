/** As what a desk would open now: its profile, and with a go-live ladder what its rung in the journal makes of it. It only reads. */
import { openJournal } from "../adapters/postgres/journal.ts";
import type { Loaded } from "../config/load.ts";
import type { Profile } from "../config/profiles.ts";
import { recover } from "../run/recover.ts";
import { loadKey } from "./key-source.ts";
import { onRung } from "./on-rung.ts";
import { openedOf } from "./replay-database.ts";

/** @throws StartError where the journal cannot be read, or the desk could not open */
export async function rungMode(loaded: Pick<Loaded, "config" | "secrets">): Promise<Profile> {
  const { config, secrets } = loaded;
  if (config.ladder.length === 0) return config.profile;
  const key = await loadKey(secrets.venueKey);
  return openedOf(loaded, async ({ database }) => {
    const journal = openJournal({ connection: database.desk, epoch: 0 });
    try {
      const { desk } = await recover(journal);
      return onRung(config, desk, key !== null).config.profile;
    } finally {
      await journal.close();
    }
  });
}

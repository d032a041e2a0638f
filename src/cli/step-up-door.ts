/** Opens what is known of authenticators, for the desk and for the command line. */
import { StepUpError } from "../adapters/system/step-up-key.ts";
import { openStepUpVault, type StepUpVault } from "../adapters/system/step-up-vault.ts";
import type { Config } from "../config/config.ts";
import type { Secrets } from "../config/secrets.ts";
import type { Log } from "../ports/log.ts";
import { StartError } from "./start-error.ts";

/** @throws StartError when there is something and it cannot be read: codes would be asked for that nobody can give */
export function openStepUp(doors: {
  readonly config: Pick<Config, "dataDir">;
  readonly secrets: Pick<Secrets, "stepUpKey">;
  readonly log: Log;
}): StepUpVault {
  const { config, secrets, log } = doors;
  try {
    const key = secrets.stepUpKey?.reveal() ?? null;
    return openStepUpVault({ dataDir: config.dataDir, key, log });
  } catch (error) {
    if (!(error instanceof StepUpError)) throw error;
    throw new StartError(`${error.message}.`);
  }
}

/** The admin pages of one desk: their token, and the person as whom they ask. */
import { COMMANDS } from "../../commands/table.ts";
import { type AdminPages, adminPages } from "../adapters/http/admin.ts";
import { type AdminDesk, adminDesk } from "../adapters/http/admin-desk.ts";
import { HOST_VERBS } from "../adapters/http/admin-request.ts";
import { adminToken } from "../adapters/http/admin-token.ts";
import { systemEntropy } from "../adapters/system/entropy.ts";
import { atLeast, isNameless, type Person } from "../chat/person.ts";
import type { Config } from "../config/config.ts";
import type { Secrets } from "../config/secrets.ts";
import { roomId } from "../core/kernel/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { Notices } from "../ports/notices.ts";
import { StartError } from "./start-error.ts";

export interface AdminDoor {
  readonly pages: AdminPages;
  readonly desk: AdminDesk;
}

/** @throws StartError when there is no token to be had: without one the pages would be open to everybody */
export async function openAdminDoor(doors: {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly notices: Notices;
}): Promise<AdminDoor> {
  const { config, secrets } = doors;
  const own = secrets.adminToken === null ? await adminToken(config.dataDir) : null;
  if (own !== null && !own.ok) throw new StartError(own.error);
  const token = own?.value ?? secrets.adminToken?.reveal() ?? "";
  const person = localPerson(config);
  const desk = adminDesk(
    {
      person: person.id,
      name: isNameless(person.name) ? "the admin pages" : `${person.name} (HTTP)`,
      room: roomId("http:admin"),
      may: (verb) => {
        // Whoever reads the token reads the files as well.
        if (HOST_VERBS.has(verb)) return true;
        const command = COMMANDS.find(({ words }) => words === verb);
        return command !== undefined && atLeast(person.role, command.role);
      },
    },
    systemEntropy,
  );
  return { pages: adminPages({ ...doors, token, desk }), desk };
}

/** Whoever can read the token sits at this machine: the pages ask as the person at its console, who is one person with them. */
export function localPerson({ people }: Pick<Config, "people">): Person {
  const seated = people.find(({ accounts }) => accounts.includes("console:local"));
  if (seated === undefined) throw new StartError("Nobody sits at the console: see people.yaml.");
  return seated;
}

/** What a suspended person may still say. It is undone on the desk's own machine. */
import type { Command } from "../chat/command.ts";
import { LEFT_TO_SUSPENDED } from "../chat/left.ts";
import type { Request } from "../core/control/request.ts";
import type { DeskView } from "../core/engine/views.ts";
import type { PersonId } from "../core/kernel/ids.ts";

/** Where kills are confirmed, whoever may still kill may confirm theirs. */
export function isBarred(
  person: PersonId,
  command: Command,
  request: Request | null,
  { suspended, pending }: DeskView,
): boolean {
  if (LEFT_TO_SUSPENDED.has(command.words) || !suspended.some((one) => one.person === person))
    return false;
  if (request?.verb !== "confirm") return true;
  const open = pending.find(({ code }) => code === request.code);
  return open?.proposal.verb !== "kill" || open.by.person !== person;
}

/** What is left to a suspended person: to look, to stop, and to learn who they are. It is undone on the desk's own machine. */
import type { Command } from "../chat/command.ts";
import type { Request } from "../core/control/request.ts";
import type { DeskView } from "../core/engine/views.ts";
import type { PersonId } from "../core/kernel/ids.ts";

const LEFT: ReadonlySet<string> = new Set(["status", "pause", "kill", "whoami", "help"]);

/** Where kills are confirmed, whoever may still kill may confirm theirs. */
export function isBarred(
  person: PersonId,
  command: Command,
  request: Request | null,
  { suspended, pending }: DeskView,
): boolean {
  if (LEFT.has(command.words) || !suspended.some((one) => one.person === person)) return false;
  if (request?.verb !== "confirm") return true;
  const open = pending.find(({ code }) => code === request.code);
  return open?.proposal.verb !== "kill" || open.by.person !== person;
}

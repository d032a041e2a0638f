/** Folds the control plane into the desk: requests that wait, people, duty, alarms, and the rung. */
import { unreachable } from "../kernel/assert.ts";
import { type Instant, utcDay } from "../kernel/time.ts";
import type { ControlEvent } from "./control-event.ts";
import type { Desk } from "./desk.ts";
import type { Event, EventBody, EventOf } from "./event.ts";
import { applyStage } from "./evolve-stage.ts";

const GROUPS: ReadonlySet<string> = new Set(
  "confirmation code stage person platform duty alarm attempt".split(" "),
);

export const isOfControl = (body: EventBody): body is ControlEvent =>
  GROUPS.has(body.kind.slice(0, body.kind.indexOf(".")));

/** Signs that somebody else has the platform's token. */
const TELL_TALES: ReadonlySet<string> = new Set(["second-listener", "foreign-webhook"]);

export function distrust(desk: Desk, body: EventOf<"security.noticed">, at: Instant): void {
  if (TELL_TALES.has(body.what)) desk.distrusted.set(body.platform, { at, what: body.what });
}

export function applyControl(desk: Desk, body: ControlEvent, event: Event): void {
  const { at } = event;
  switch (body.kind) {
    case "confirmation.opened":
    case "confirmation.stepped":
      desk.confirmations.set(body.confirmation.id, body.confirmation);
      return;
    case "confirmation.closed":
      return endConfirmation(desk, body, utcDay(at));
    case "code.spent":
      if (body.step !== null) desk.codeSteps.set(body.by.person, body.step);
      return;
    case "person.suspended":
      desk.suspended.set(body.person, { at, by: body.by.name });
      desk.duty.delete(body.person);
      return;
    case "person.restored":
      desk.suspended.delete(body.person);
      return;
    case "platform.trusted":
      desk.distrusted.delete(body.platform);
      return;
    case "stage.changed":
      return applyStage(desk, body, event);
    case "duty.changed":
      if (body.on) desk.duty.set(body.by.person, at);
      else desk.duty.delete(body.by.person);
      if (body.to) desk.duty.set(body.to.person, at);
      return;
    case "alarm.tested":
      desk.alarm = { id: body.alarm, at };
      return;
    case "alarm.heard":
      desk.routes.set(body.by.room, at);
      return;
    case "attempt.refused":
      return;
    default:
      return unreachable(body);
  }
}

/** Raises that were agreed are counted by whoever asked for them; going back to what was approved is none. */
function endConfirmation(
  desk: Desk,
  { confirmation, outcome }: EventOf<"confirmation.closed">,
  day: string,
): void {
  desk.confirmations.delete(confirmation.id);
  const { proposal, by, class: kind } = confirmation;
  const raises = proposal.verb === "limits set" || proposal.verb === "stage";
  if (!raises || kind === "restore" || outcome !== "confirmed") return;
  const before = desk.raises.get(by.person);
  desk.raises.set(by.person, { day, count: before?.day === day ? before.count + 1 : 1 });
}

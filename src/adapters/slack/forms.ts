/** Which form is opened for what somebody did, if they are one of ours; and whose home tab was opened. */
import type { Clock } from "../../ports/clock.ts";
import { fieldsOf, listOf, textOf } from "./fields.ts";
import { askedOf, askModal, limitsModal } from "./modals.ts";
import { isForeign, type Own } from "./origin.ts";
import { read } from "./read.ts";

export interface Form {
  /** Good for one form within three seconds. */
  readonly trigger: string;
  readonly view: object;
}

export interface FormDoors {
  readonly own: () => Own;
  readonly clock: Clock;
  /** Of those who may speak at all. */
  readonly isLinked: (account: string) => boolean;
}

const LIMITS_ALONE = /^\/limits\s+set$/i;

/** `/claudbot limits set` with nothing after it. */
export function limitsForm(body: unknown, doors: FormDoors): Form | null {
  const said = spoken(body, doors);
  if (said === null || !LIMITS_ALONE.test(said.text)) return null;
  return formOf(body, limitsModal(said.channel));
}

/** A button that asks for what has to be typed. */
export function askedForm(body: unknown, doors: FormDoors): Form | null {
  const said = spoken(body, doors);
  if (said === null) return null;
  const action = fieldsOf(listOf(fieldsOf(body)["actions"])[0]);
  const asked = askedOf(textOf(action["value"]) ?? "");
  return asked && formOf(body, askModal(asked, said.channel));
}

function formOf(body: unknown, view: object): Form | null {
  const trigger = textOf(fieldsOf(body)["trigger_id"]);
  return trigger === null ? null : { trigger, view };
}

/** What one of ours said or pressed; null for everybody else, who is judged like any other. */
function spoken(body: unknown, { own, clock, isLinked }: FormDoors) {
  const now = clock.now();
  const heard = read(body, own(), { now, sentAt: now });
  if (heard.kind !== "arrival" || !isLinked(heard.arrival.account)) return null;
  return { text: heard.arrival.text, channel: heard.from.channel };
}

export function homeOpenedBy(body: unknown, { own, isLinked }: FormDoors): string | null {
  const fields = fieldsOf(body);
  const event = fieldsOf(fields["event"]);
  if (event["tab"] !== "home" || isForeign(fields, own())) return null;
  const account = `slack:${textOf(fields["team_id"])}/${textOf(event["user"])}`;
  return isLinked(account) && !own().isGuest(account) ? account : null;
}

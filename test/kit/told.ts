/** What people are told of some events, in order, and how it looks. */
import { ALERTS } from "../../alerts/table.ts";
import { render } from "../../src/adapters/console/render.ts";
import { type Alert, alertsFor } from "../../src/chat/alert.ts";
import { newAlertMemory, remember } from "../../src/chat/alert-memory.ts";
import type { Event, EventBody } from "../../src/core/engine/event.ts";
import { numbered, WALL } from "./sample-desk.ts";

export function told(events: readonly Event[]): readonly Alert[] {
  let memory = newAlertMemory();
  return events.flatMap((event) => {
    memory = remember(memory, event);
    return alertsFor(ALERTS, event, { clock: WALL, memory });
  });
}

export const text = (one: Alert | undefined): string =>
  one
    ? render({ ...one.card, buttons: [] }, "LIVE nyc1", false, { colour: false, oneLine: false })
    : "";
export const said = (...bodies: EventBody[]): string => text(told(numbered(bodies, 15203)).at(-1));

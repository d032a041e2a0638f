/** Messages of uncertain fate, and the search for them. */
import { expect } from "vitest";
import type { Delivery } from "../../../src/ports/deliveries.ts";
import type { Found } from "../../../src/ports/messenger.ts";
import type { TelegramFault } from "../../kit/telegram-fake.ts";
import { card, type Rig, row } from "./rig.ts";

export const HEAD = "LIVE nyc1";
export const KILLED = card("KILLED · 50/50", {
  lines: ['a<b & "c"'],
  buttons: [{ label: "Flatten", line: "/flatten", danger: true }],
});

/** One message sent well, so that there is something to count from; then one whose fate is uncertain. */
export async function lost(scene: Rig, fault: TelegramFault, of: Partial<Delivery> = {}) {
  const { messenger } = scene.telegram;
  const next = row({ card: KILLED, ...of });
  await messenger.send(row({ room: next.room, card: card("before") }), HEAD);
  const marked = { ...next, mark: messenger.mark?.(next.room) ?? null };
  scene.fake.fault(marked.card.picture ? "sendPhoto" : "sendMessage", fault);
  expect((await messenger.send(marked, HEAD)).kind).toBe("ambiguous");
  return marked;
}

export const find = async (
  scene: Pick<Rig, "telegram">,
  of: Delivery,
): Promise<Found | undefined> => scene.telegram.messenger.find?.(of, HEAD);

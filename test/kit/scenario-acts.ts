/** How a case of the scenario table is sent to each platform, as the platform itself would tell it. */
import { createHash } from "node:crypto";
import { type InboundId, inboundId } from "../../src/core/kernel/ids.ts";
import { ACTORS, type Actor, CHANNEL, GROUP, OTHER_CHANNEL, OTHER_GROUP } from "./scenario-cast.ts";
import { NOW } from "./scenario-desk.ts";
import { ageMs, type Case } from "./scenario-rules.ts";
import type { SlackFake } from "./slack-fake.ts";
import { privateChat, type TelegramFake } from "./telegram-fake.ts";

const seconds = (each: Case): number => Math.floor((NOW - ageMs(each)) / 1000);
let messages = 500_000;
const COPIES = ["same-envelope", "new-envelope"] as const;
/** How many frames were no case of their own. */
export const replays = { telegram: 0, slack: 0 };

/** @returns the id under which the desk knows the message */
export function onTelegram(fake: TelegramFake, each: Case, line: string): InboundId {
  const who = ACTORS[each.role].telegram;
  const place = { room: GROUP, private: privateChat(who), foreign: OTHER_GROUP }[each.place];
  const date = seconds(each);
  messages += 1;
  const known = (update: number): InboundId => inboundId(`telegram:${update}`);
  switch (each.way) {
    case "direct":
      return known(fake.says(who, place, line, { date }));
    case "replayed":
      replays.telegram += 1;
      return known(fake.replay(fake.says(who, place, line, { date })));
    case "forwarded": {
      const from = { type: "user", sender_user: who, date: date - 5 };
      return known(fake.says(who, place, line, { date, forward_origin: from }));
    }
    case "anonymous":
      return known(fake.says(who, place, line, { date, sender_chat: { ...place, title: "ops" } }));
    case "bot":
      return known(
        fake.says(who, place, line, { date, via_bot: { id: 77, is_bot: true, first_name: "x" } }),
      );
    case "edited":
      return known(
        fake.push({
          edited_message: {
            ...{ message_id: messages, date, edit_date: date, chat: place, from: who, text: line },
            entities: [{ type: "bot_command", offset: 0, length: line.split(" ")[0]?.length }],
          },
        }),
      );
  }
}

type Said = (extra: Record<string, unknown>) => string;

/** @returns the id under which the desk knows the message */
export function onSlack(fake: SlackFake, each: Case, line: string): InboundId {
  const { slack: who } = ACTORS[each.role];
  const bare = line.slice(1);
  const [channel, said] = spoken(fake, each, ACTORS[each.role], bare);
  const ts = `${seconds(each)}.000100`;
  switch (each.way) {
    case "direct":
    case "replayed": {
      // A slash command does not tell when it was typed.
      const isSlash = each.place !== "private" && each.age === "fresh";
      const envelope = isSlash ? fake.slash(who, channel, bare) : said({ ts });
      if (each.way === "replayed") {
        // Only events are tried again.
        const ways = isSlash ? COPIES : ([...COPIES, "retry"] as const);
        for (const how of ways) fake.replay(envelope, how);
        replays.slack += ways.length;
      }
      return idOf(fake, envelope);
    }
    case "forwarded": {
      const share = { is_share: true, author_id: who, text: line, fallback: line, ts };
      return idOf(fake, fake.writes(who, channel, "", { ts, attachments: [share] }));
    }
    case "anonymous":
      return idOf(fake, said({ ts, subtype: "bot_message", bot_id: "B0FLOW", username: "ops" }));
    case "bot":
      return idOf(fake, said({ ts, bot_id: "B0OTHER" }));
    case "edited":
      return idOf(fake, said({ ts, edited: { user: who, ts: `${seconds(each)}.000200` } }));
  }
}

/** Their direct messages are written to, channels are told with a mention. */
function spoken(
  fake: SlackFake,
  { place }: Case,
  { slack: who }: Actor,
  bare: string,
): readonly [channel: string, said: Said] {
  if (place === "private") {
    const direct = fake.dm(who);
    return [direct, (extra) => fake.writes(who, direct, bare, extra)];
  }
  const channel = place === "room" ? CHANNEL : OTHER_CHANNEL;
  return [channel, (extra) => fake.mentions(who, channel, bare, extra)];
}

/** What tells one thing that Slack sent from another, whichever envelope it comes in. */
function idOf({ socketFrames }: SlackFake, envelope: string): InboundId {
  const frame = socketFrames.findLast(({ body }) => body["envelope_id"] === envelope);
  const payload = frame?.body["payload"] as { event_id?: string; trigger_id?: string } | undefined;
  const trigger = createHash("sha256")
    .update(payload?.trigger_id ?? "")
    .digest("hex");
  return inboundId(`slack:${payload?.event_id ?? trigger.slice(0, 32)}`);
}

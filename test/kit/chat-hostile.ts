/** Acts of people and programs that must never be obeyed, whatever they say. Each would pause the desk if it were. */
import { ANA, CHANNEL, type ChatScene, ELSEWHERE, EVE, GROUP, VIC } from "./chat-scene.ts";
import { privateChat, supergroup, user } from "./telegram-fake.ts";

export const FORBIDDEN = "/pause I should not be heard";
/** Who the platforms say was turned away, or why nobody listened. */
export type Act = readonly [what: string, act: () => unknown];

const ago = (seconds: number): number => Math.floor(Date.now() / 1000) - seconds;

export function hostileOnTelegram({ telegram }: ChatScene): readonly Act[] {
  const ana = ANA.telegram;
  const group = { id: GROUP.id, type: "supergroup", title: "ops" };
  const says = (extra: object) => () => telegram.says(ana, GROUP, FORBIDDEN, extra);
  const message = {
    message_id: 900_001,
    date: ago(1),
    chat: group,
    from: { id: ana.id, is_bot: false, first_name: "Ana" },
    text: FORBIDDEN,
    entities: [{ type: "bot_command", offset: 0, length: 6 }],
  };
  const anonymous = { ...user(1087968824, "Group"), is_bot: true };
  const channel = { id: -1005, type: "channel", title: "c" };
  return [
    [
      "an anonymous admin",
      () => telegram.says(anonymous, GROUP, FORBIDDEN, { sender_chat: group }),
    ],
    ["Ana in the name of a channel", says({ sender_chat: channel })],
    [
      "a channel's post",
      () => telegram.push({ channel_post: { ...message, from: undefined, sender_chat: group } }),
    ],
    [
      "a forward",
      says({ forward_origin: { type: "user", sender_user: EVE.telegram, date: ago(5) } }),
    ],
    ["a post that a linked channel forwarded", says({ is_automatic_forward: true })],
    ["a command through another bot", says({ via_bot: { id: 77, is_bot: true, first_name: "x" } })],
    ["another bot", () => telegram.says({ ...user(78, "Bot"), is_bot: true }, GROUP, FORBIDDEN)],
    ["an edit", () => telegram.push({ edited_message: { ...message, edit_date: ago(0) } })],
    ["a message from nobody", () => telegram.push({ message: { ...message, from: undefined } })],
    ["a stranger with Ana's name", () => telegram.says(EVE.telegram, GROUP, FORBIDDEN)],
    [
      "a stranger in private",
      () => telegram.says(EVE.telegram, privateChat(EVE.telegram), FORBIDDEN),
    ],
    ["Ana in a group that is not ours", () => telegram.says(ana, ELSEWHERE.telegram, FORBIDDEN)],
    ["Ana in a group of a like number", () => telegram.says(ana, supergroup(-GROUP.id), FORBIDDEN)],
    ["a command for another bot", () => telegram.says(ana, GROUP, "/pause@other_bot now")],
    ["a viewer", () => telegram.says(VIC.telegram, GROUP, FORBIDDEN)],
    ["a request two minutes old", () => telegram.says(ana, GROUP, "/flatten", { date: ago(120) })],
  ];
}

export function hostileOnSlack({ slack }: ChatScene): readonly Act[] {
  const line = FORBIDDEN.slice(1);
  slack.addUser("U0GUEST", { restricted: true });
  const mention = (extra: Record<string, unknown>) => () =>
    slack.mentions(ANA.slack, CHANNEL, line, extra);
  return [
    ["a guest", () => slack.slash("U0GUEST", CHANNEL, line)],
    [
      "Ana's id in another workspace",
      () => slack.slash(ANA.slack, CHANNEL, line, { team_id: "T0OTHER" }),
    ],
    ["a mention from another workspace", mention({ user_team: "T0OTHER", team: "T0OTHER" })],
    ["a bot", mention({ bot_id: "B0OTHER", subtype: "bot_message" })],
    ["an edit", mention({ subtype: "message_changed" })],
    ["a stranger", () => slack.slash(EVE.slack, CHANNEL, line)],
    ["a stranger in private", () => slack.writes(EVE.slack, slack.dm(EVE.slack), line)],
    ["Ana in a channel that is not ours", () => slack.slash(ANA.slack, ELSEWHERE.slack, line)],
    ["a viewer", () => slack.slash(VIC.slack, CHANNEL, line)],
    ["talk in the channel", () => slack.writes(ANA.slack, CHANNEL, "pause for lunch?")],
  ];
}

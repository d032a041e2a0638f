/** What Slack tells an app: slash commands, presses, modals sent in, events, whole as the real ones are. It delivers nothing. */
import { isObject, type Json, list, object, text } from "./slack-fake-json.ts";
import type { Shown } from "./slack-fake-shown.ts";
import type { OpenedView, Triggers } from "./slack-fake-triggers.ts";
import { wire } from "./slack-fake-wire.ts";
import type { Message, Person, World } from "./slack-fake-world.ts";

/** Slack's old way to show that it is Slack; a secret too. */
const VERIFICATION = "canarySlackVerification1";
const DOMAIN = "claudbot-test";

export interface Payloads {
  slash(user: string, channel: string, line: string): Json;
  press(user: string, on: Shown, button: Pressed): Json;
  submission(opened: OpenedView, values: Readonly<Record<string, string>>): Json;
  homeOpened(user: string): Json;
  homePress(user: string, on: OpenedView, means: (label: string) => boolean): Json;
  shortcut(user: string, on: Shown, callbackId: string): Json;
  /** The outer half of an event. */
  event(inner: Json, channel: string): Json;
  mention(message: Message): Json;
  message(message: Message): Json;
}

export interface Pressed {
  readonly actionId: string;
  readonly value: string;
}

export function payloads(of: World, command: string, given: Triggers): Payloads {
  const { bot } = of;
  const app = { token: VERIFICATION, api_app_id: bot.appId };
  const team = { id: bot.teamId, domain: DOMAIN };
  const nameOf = (id: string): string => {
    const channel = of.channel(id);
    if (channel.im !== null) return "directmessage";
    return channel.private ? "privategroup" : channel.name;
  };
  const typed = (type: string, message: Message): Json => {
    const { threadTs, ts } = message;
    const { team: home, stranger } = of.person(message.user);
    const abroad = stranger || home !== bot.teamId;
    return {
      ...{ type, user: message.user, ts, text: message.text, team: home, event_ts: ts },
      ...{ channel: message.channel, client_msg_id: `c-${ts}`, blocks: richText(message.text) },
      ...(threadTs === null ? {} : { thread_ts: threadTs, parent_user_id: bot.userId }),
      ...(abroad ? { user_team: home, source_team: home, user_profile: { team: home } } : {}),
    };
  };
  return {
    slash: (user, channel, line) => ({
      ...{ ...app, team_id: bot.teamId, team_domain: DOMAIN, is_enterprise_install: "false" },
      ...{ channel_id: channel, channel_name: nameOf(channel), command, text: line },
      ...{ user_id: user, user_name: of.person(user).name, trigger_id: given.trigger(user) },
      response_url: given.responseUrl({ user, channel, ts: null }),
    }),
    press: (user, on, button) => ({
      ...{ type: "block_actions", user: userOf(of.person(user)), ...app, team, enterprise: null },
      ...{ is_enterprise_install: false, trigger_id: given.trigger(user) },
      container: containerOf(on),
      channel: { id: on.channel, name: nameOf(on.channel) },
      // Of a message that only one person sees Slack does not tell the content.
      ...(on.ephemeral ? {} : { message: messageWire(of, on) }),
      state: { values: {} },
      response_url: given.responseUrl({ user, channel: on.channel, ts: on.ts }),
      actions: [{ ...elementOf(on, button), action_ts: of.ts() }],
    }),
    submission: (opened, values) => ({
      ...{ type: "view_submission", team, user: userOf(of.person(opened.user)), ...app },
      ...{ trigger_id: given.trigger(opened.user), enterprise: null, response_urls: [] },
      is_enterprise_install: false,
      view: { ...opened.wire, state: { values: stateOf(opened, values) } },
    }),
    homeOpened: (user) => ({
      ...{ type: "app_home_opened", user, channel: of.dm(user).id, tab: "home" },
      event_ts: of.ts(),
    }),
    homePress: (user, on, means) => ({
      ...{ type: "block_actions", user: userOf(of.person(user)), ...app, team, enterprise: null },
      ...{ is_enterprise_install: false, trigger_id: given.trigger(user) },
      container: { type: "view", view_id: on.id },
      view: on.wire,
      actions: [{ ...buttonIn(on, means), action_ts: of.ts() }],
    }),
    shortcut: (user, on, callbackId) => ({
      ...{ type: "message_action", callback_id: callbackId, ...app, team, enterprise: null },
      ...{ user: userOf(of.person(user)), is_enterprise_install: false, action_ts: of.ts() },
      ...{ trigger_id: given.trigger(user), message_ts: on.ts, message: messageWire(of, on) },
      channel: { id: on.channel, name: nameOf(on.channel) },
      response_url: given.responseUrl({ user, channel: on.channel, ts: on.ts }),
    }),
    event: (inner, channel) => ({
      ...{ ...app, team_id: bot.teamId, context_team_id: bot.teamId, context_enterprise_id: null },
      ...{ event: inner, type: "event_callback", event_id: of.id("Ev") },
      event_time: Math.floor(of.now() / 1000),
      authorizations: [
        {
          enterprise_id: null,
          team_id: bot.teamId,
          user_id: bot.userId,
          is_bot: true,
          is_enterprise_install: false,
        },
      ],
      is_ext_shared_channel: of.channel(channel).extShared,
      event_context: `4-${of.id("ctx")}`,
    }),
    mention: (message) => typed("app_mention", message),
    message: (message) => {
      const { im, private: closed } = of.channel(message.channel);
      const channel_type = im !== null ? "im" : closed ? "group" : "channel";
      return { ...typed("message", message), channel_type };
    },
  };
}

const userOf = ({ id, name, team }: Person): Json => ({ id, username: name, name, team_id: team });

const containerOf = (on: Shown): Json => ({
  ...{ type: "message", message_ts: on.ts, channel_id: on.channel, is_ephemeral: on.ephemeral },
  ...(on.threadTs === null ? {} : { thread_ts: on.threadTs }),
});

/** The message as it was when the person saw it. */
function messageWire(of: World, on: Shown): Json {
  const now = of.message(on.channel, on.ts);
  const then = { text: on.text, blocks: on.blocks };
  return now === undefined
    ? { type: "message", ts: on.ts, ...then }
    : { ...wire(of, now, false), ...then };
}

function elementOf(on: Shown, { actionId, value }: Pressed): Json {
  for (const block of on.blocks) {
    const elements = [...list(block["elements"]), block["accessory"]].filter(isObject);
    for (const element of elements) {
      const meant = text(element["action_id"]) === actionId && text(element["value"]) === value;
      if (element["type"] !== "button" || !meant) continue;
      const { confirm: _, accessibility_label: __, url: ___, ...rest } = element;
      return {
        ...rest,
        text: { emoji: true, ...object(element["text"]) },
        block_id: block["block_id"],
      };
    }
  }
  throw new RangeError(`the message has no button ${actionId}`);
}

/** A button of a home tab, as Slack tells that it was pressed. */
function buttonIn(on: OpenedView, means: (label: string) => boolean): Json {
  for (const block of list(on.wire["blocks"]).filter(isObject)) {
    for (const element of list(block["elements"]).filter(isObject)) {
      if (element["type"] !== "button" || !means(text(object(element["text"])["text"]))) continue;
      const { confirm: _, ...rest } = element;
      return { ...rest, block_id: block["block_id"] };
    }
  }
  throw new RangeError("the home tab has no such button");
}

/** What a person typed: by the action ids of the inputs. */
function stateOf(opened: OpenedView, values: Readonly<Record<string, string>>): Json {
  const state: Record<string, Json> = {};
  for (const block of list(opened.wire["blocks"]).filter(isObject)) {
    const element = object(block["element"]);
    const action = text(element["action_id"]);
    if (block["type"] !== "input") continue;
    const value = values[action] ?? null;
    state[text(block["block_id"])] = { [action]: { type: element["type"], value } };
  }
  return state;
}

const richText = (words: string): readonly Json[] => [
  {
    ...{ type: "rich_text", block_id: "u" },
    elements: [{ type: "rich_text_section", elements: [{ type: "text", text: words }] }],
  },
];

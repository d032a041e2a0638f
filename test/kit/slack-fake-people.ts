/** What people do in the fake of Slack: type commands, write, press, fill in. Each act becomes an envelope to the app. */
import type { Envelopes, EnvelopeType, More } from "./slack-fake-envelopes.ts";
import { isObject, type Json, object, text } from "./slack-fake-json.ts";
import type { Payloads } from "./slack-fake-payloads.ts";
import type { Shown } from "./slack-fake-shown.ts";
import type { OpenedView, Triggers } from "./slack-fake-triggers.ts";
import type { Message, World } from "./slack-fake-world.ts";

export interface People {
  /** `extra` changes fields of the payload. Each act answers the id of its envelope. */
  slash(user: string, channel: string, text: string, extra?: Json): string;
  /** `extra` changes fields of the event, or of what is around it (`event_id`, `team_id`, `is_ext_shared_channel` …). */
  mentions(user: string, channel: string, text: string, extra?: Json): string;
  /** As Slack would tell it: `&`, `<` and `>` are the caller's to escape. */
  writes(user: string, channel: string, text: string, extra?: Json): string;
  presses(user: string, on: Shown, labelOrValue: string | RegExp, extra?: Json): string;
  /** Sends a modal in. `values` by the action ids of its inputs. */
  submits(opened: OpenedView, values: Readonly<Record<string, string>>, extra?: Json): string;
  /** Opens the app's home tab; the app is told. */
  opensHome(user: string, extra?: Json): string;
  /** Presses a button of a home tab. */
  pressesHome(user: string, on: OpenedView, label: string | RegExp, extra?: Json): string;
  /** Chooses a shortcut at a message. */
  shortcuts(user: string, on: Shown, callbackId: string, extra?: Json): string;
  push(type: EnvelopeType, payload: object, more?: More): string;
}

interface Doors {
  readonly envelopes: Envelopes;
  readonly payloads: Payloads;
  readonly triggers: Triggers;
}

/** Of an event these stand outside, beside the event itself. */
const OUTER = [
  ...["event_id", "event_time", "team_id", "context_team_id", "api_app_id", "authorizations"],
  ...["is_ext_shared_channel", "event_context", "token", "enterprise_id", "context_enterprise_id"],
];

/** Kinds of message that stand in the channel as messages of their own. */
const LASTING = ["", "bot_message", "file_share", "me_message", "thread_broadcast"];

export function people(of: World, { envelopes, payloads, triggers }: Doors): People {
  const written = (user: string, channel: string, words: string, extra: Json): Message => {
    of.person(user);
    const subtype = text(extra["subtype"]);
    const botId = text(extra["bot_id"]) || null;
    const threadTs = text(extra["thread_ts"]) || null;
    const broadcast = subtype === "thread_broadcast";
    const about = { channel, user, text: words, botId, threadTs, broadcast };
    const message = of.add({ ...about, subtype: subtype === "" || broadcast ? null : subtype });
    // A change or a deletion is news of a message, not a message.
    if (!LASTING.includes(subtype)) of.channel(channel).messages.pop();
    return message;
  };
  const told = (inner: Json, channel: string, extra: Json): string => {
    const outer = Object.entries(extra).filter(([key]) => OUTER.includes(key));
    const own = Object.entries(extra).filter(([key]) => !OUTER.includes(key));
    const event = payloads.event({ ...inner, ...Object.fromEntries(own) }, channel);
    return envelopes.deliver("events_api", { ...event, ...Object.fromEntries(outer) });
  };
  const heard = (kind: "mention" | "message"): People["writes"] => {
    return (user, channel, words, extra = {}) => {
      const message = written(user, channel, words, extra);
      return told(payloads[kind](message), channel, extra);
    };
  };
  const mention = heard("mention");
  const at = `<@${of.bot.userId}>`;
  return {
    slash: (user, channel, line, extra = {}) => {
      const payload = payloads.slash(user, channel, line);
      return envelopes.deliver("slash_commands", over(payload, extra));
    },
    mentions: (user, channel, words, extra) =>
      mention(user, channel, words.includes(at) ? words : `${at} ${words}`, extra),
    writes: heard("message"),
    presses: (user, on, labelOrValue, extra = {}) => {
      const means = (name: string): boolean =>
        labelOrValue instanceof RegExp ? labelOrValue.test(name) : labelOrValue === name;
      const button = on.buttons.find(({ label, value }) => means(label) || means(value));
      if (button === undefined) {
        const labels = on.buttons.map(({ label }) => label).join(", ");
        throw new RangeError(`no button ${labelOrValue}; there are: ${labels}`);
      }
      return envelopes.deliver("interactive", over(payloads.press(user, on, button), extra));
    },
    submits: (opened, values, extra = {}) =>
      envelopes.deliver("interactive", over(payloads.submission(opened, values), extra)),
    opensHome: (user, extra = {}) => told(payloads.homeOpened(user), of.dm(user).id, extra),
    pressesHome: (user, on, label, extra = {}) => {
      const payload = payloads.homePress(user, on, (said) =>
        label instanceof RegExp ? label.test(said) : label === said,
      );
      return envelopes.deliver("interactive", over(payload, extra));
    },
    shortcuts: (user, on, callbackId, extra = {}) =>
      envelopes.deliver("interactive", over(payloads.shortcut(user, on, callbackId), extra)),
    push: (type, payload, more) => {
      const trigger = text(object(payload)["trigger_id"]);
      const user = object(payload)["user_id"] ?? object(object(payload)["user"])["id"];
      if (trigger !== "") triggers.adopt(trigger, text(user));
      return envelopes.deliver(type, { ...payload }, more);
    },
  };
}

/** Objects in `extra` change fields of the objects they meet. */
function over(payload: Json, extra: Json): Json {
  const merged = Object.entries(extra).map(([key, value]) => {
    const old = payload[key];
    return [key, isObject(value) && isObject(old) ? over(old, value) : value];
  });
  return { ...payload, ...Object.fromEntries(merged) };
}

/** What Slack hands out with an interaction: triggers for modals, addresses for answers; and the modals themselves. */

import { inBlocks, inView } from "./slack-fake-check.ts";
import {
  type Answer,
  type Json,
  list,
  type Methods,
  object,
  ok,
  refuse,
  text,
} from "./slack-fake-json.ts";
import { content } from "./slack-fake-messages.ts";
import { messageOf, type World } from "./slack-fake-world.ts";

/** A modal or home tab that a person sees. */
export interface OpenedView {
  readonly id: string;
  readonly user: string;
  readonly type: "modal" | "home";
  readonly callbackId: string;
  readonly privateMetadata: string;
  /** As it was sent. */
  readonly view: Json;
  /** As Slack tells it. */
  readonly wire: Json;
}

export interface Triggers {
  readonly methods: Methods;
  readonly views: readonly OpenedView[];
  /** A trigger good for one modal within three seconds. */
  trigger(user: string): string;
  /** Makes one good that a test wrote itself. */
  adopt(id: string, user: string): void;
  /** What the app says to a modal that was sent in: without a word it closes. */
  submitted(id: string, said: Json): void;
  /** An address good for five answers within half an hour. */
  responseUrl(to: ResponseTo): string;
  /** Answers the HTTP status and the body. */
  respond(secret: string, body: Json): readonly [status: number, body: Json | "ok"];
}

export interface ResponseTo {
  readonly user: string;
  readonly channel: string;
  /** The message with the button. */
  readonly ts: string | null;
}

const TRIGGER_MS = 3000;
const URL_MS = 30 * 60_000;
const URL_USES = 5;

export function triggers(of: World, origin: () => string): Triggers {
  const given = new Map<string, { user: string; until: number; used: boolean }>();
  const urls = new Map<string, ResponseTo & { readonly until: number; uses: number }>();
  const views: OpenedView[] = [];
  const spent = (from: Json): string | null => {
    const known = given.get(text(from["trigger_id"]));
    if (known === undefined) return "invalid_trigger_id";
    if (known.used) return "exchanged_trigger_id";
    return known.until < of.now() ? "expired_trigger_id" : null;
  };
  const open = (from: Json): Answer => {
    const known = given.get(text(from["trigger_id"]));
    if (known === undefined) return refuse("invalid_trigger_id");
    known.used = true;
    return shown(of, views, { user: known.user, view: object(from["view"]) });
  };
  return {
    views,
    methods: {
      "views.open": { missing: spent, run: open },
      "views.publish": {
        run: (from) =>
          shown(of, views, { user: text(from["user_id"]), view: object(from["view"]) }),
      },
      "views.update": {
        run: (from) => {
          const at = views.findIndex(({ id }) => id === text(from["view_id"]));
          const old = views[at];
          if (old === undefined) return refuse("not_found");
          views.splice(at, 1);
          return shown(of, views, { user: old.user, view: object(from["view"]), id: old.id });
        },
      },
    },
    trigger(user) {
      const id = `${of.id("7")}.${of.id("7")}.canarySlackTrigger${of.id("t")}`;
      given.set(id, { user, until: of.now() + TRIGGER_MS, used: false });
      return id;
    },
    adopt(id, user) {
      given.set(id, { user, until: of.now() + TRIGGER_MS, used: false });
    },
    submitted(id, said) {
      const at = views.findIndex((each) => each.id === id);
      const action = text(said["response_action"]);
      const [old] = at < 0 || action === "errors" ? [] : views.splice(at, 1);
      if (old === undefined || (action !== "update" && action !== "push")) return;
      const fault = inView(said["view"]);
      if (fault !== null) of.violations.push(`response_action: ${fault.messages.join("; ")}`);
      shown(of, views, { user: old.user, view: object(said["view"]), id: old.id });
    },
    responseUrl(to) {
      const secret = `${of.id("7")}/canarySlackResponse${of.id("r")}`;
      urls.set(secret, { ...to, until: of.now() + URL_MS, uses: 0 });
      return `${origin()}/commands/${of.bot.teamId}/${secret}`;
    },
    respond(secret, body) {
      const known = urls.get(secret);
      if (known === undefined) return [404, refuse("invalid_url")];
      if (known.until < of.now()) return [404, refuse("expired_url")];
      if (known.uses >= URL_USES) return [404, refuse("used_url")];
      known.uses += 1;
      return answer(of, known, body);
    },
  };
}

function shown(
  of: World,
  views: OpenedView[],
  { user, view, id = of.id("V") }: { user: string; view: Json; id?: string },
): Answer {
  const type = view["type"] === "home" ? "home" : "modal";
  const blocks = content(of, view).blocks;
  const about = { id, team_id: of.bot.teamId, app_id: of.bot.appId, bot_id: of.bot.id };
  const usual = { callback_id: "", private_metadata: "", external_id: "", clear_on_close: false };
  const state = {
    state: { values: {} },
    hash: of.id("h"),
    root_view_id: id,
    previous_view_id: null,
  };
  const wire = { ...about, ...usual, notify_on_close: false, ...view, ...state, blocks };
  const named = {
    callbackId: text(view["callback_id"]),
    privateMetadata: text(view["private_metadata"]),
  };
  // A person has one home tab.
  const home = views.findIndex((each) => each.user === user && each.type === "home");
  if (type === "home" && home >= 0) views.splice(home, 1);
  views.push({ id, user, type, ...named, view, wire });
  return ok({ view: wire });
}

/** What an app says through a response URL, or in its ack: seen by one, by all, or put in the place of a message. */
export function answer(of: World, to: ResponseTo, body: Json): readonly [number, Json | "ok"] {
  const whispered = of.whispers.find(({ message }) => message.ts === to.ts);
  const old = whispered?.message ?? (to.ts === null ? undefined : of.message(to.channel, to.ts));
  const channel = of.channel(to.channel);
  if (body["delete_original"] === true) {
    channel.messages = channel.messages.filter((each) => each !== old);
    if (whispered !== undefined) of.whispers.splice(of.whispers.indexOf(whispered), 1);
    return [200, "ok"];
  }
  if (text(body["text"]) === "" && list(body["blocks"]).length === 0)
    return [500, refuse("no_text")];
  const fault = body["blocks"] === undefined ? null : inBlocks(body["blocks"]);
  if (fault !== null) {
    of.violations.push(`an answer: ${fault.error}: ${fault.messages.join("; ")}`);
    return [400, refuse(fault.error)];
  }
  const words = { text: text(body["text"]), ...content(of, body) };
  const by = { channel: to.channel, user: of.bot.userId, botId: of.bot.id };
  const threadTs = text(body["thread_ts"]) || null;
  if (body["replace_original"] === true && old !== undefined) {
    Object.assign(old, words, { edits: old.edits + 1 });
  } else if (body["response_type"] === "in_channel") {
    of.add({ ...by, ...words, threadTs });
  } else {
    of.whispers.push({ user: to.user, message: messageOf({ ...by, ...words, threadTs }, of.ts()) });
  }
  return [200, "ok"];
}

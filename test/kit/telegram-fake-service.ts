/** What the fake Telegram keeps for the bot beside chats: polling and the webhook, menus, presses to be answered, the flood rule. */
import { isRefusal, type Json, type Place, type Refusal, refusal } from "./telegram-fake-chats.ts";
import type { Method, World } from "./telegram-fake-methods.ts";
import { PRESS_MS, type UpdateQueue, type Webhook } from "./telegram-fake-updates.ts";

export interface CallbackAnswer {
  readonly id: string;
  readonly text: string | null;
  readonly alert: boolean;
  readonly at: number;
}

export interface Service {
  readonly methods: Readonly<Record<string, Method>>;
  readonly callbackAnswers: readonly CallbackAnswer[];
  readonly menus: ReadonlyMap<string, readonly Json[]>;
  /** A press with this id may be answered once, for a while. */
  pressed(id: string): void;
}

export function service(queue: UpdateQueue, hook: Webhook, now: () => number): Service {
  const callbackAnswers: CallbackAnswer[] = [];
  const menus = new Map<string, readonly Json[]>();
  const open = new Map<string, number>();
  const drop = (payload: Json): void => {
    if (payload["drop_pending_updates"] === true) queue.clear();
  };

  const methods: Readonly<Record<string, Method>> = {
    setWebhook(payload) {
      const url = String(payload["url"] ?? "");
      if (url !== "" && !/^https?:\/\/[^/]+/.test(url)) {
        return refusal("Bad Request: bad webhook: An HTTPS URL must be provided for webhook");
      }
      drop(payload);
      queue.ask(payload["allowed_updates"]);
      hook.set(url === "" ? null : { url, secret: String(payload["secret_token"] ?? "") });
      return true;
    },
    deleteWebhook(payload) {
      drop(payload);
      hook.set(null);
      return true;
    },
    getWebhookInfo() {
      const kinds = queue.asked();
      const { lastError: error } = hook;
      return {
        url: hook.to?.url ?? "",
        has_custom_certificate: false,
        pending_update_count: queue.counts.waiting,
        ...(hook.to === null ? {} : { max_connections: 40, ip_address: "127.0.0.1" }),
        ...(kinds === null ? {} : { allowed_updates: kinds }),
        ...(error === null
          ? {}
          : { last_error_date: Math.floor(error.at / 1000), last_error_message: error.message }),
      };
    },
    setMyCommands: (payload, world) =>
      menu(payload, world, (key) => {
        menus.set(key, payload["commands"] as readonly Json[]);
        return true;
      }),
    deleteMyCommands: (payload, world) =>
      menu(payload, world, (key) => {
        menus.delete(key);
        return true;
      }),
    getMyCommands: (payload, world) => menu(payload, world, (key) => menus.get(key) ?? []),
    answerCallbackQuery(payload) {
      const id = String(payload["callback_query_id"]);
      const since = open.get(id);
      if (since === undefined || now() - since > PRESS_MS) {
        const why = "query is too old and response timeout expired or query ID is invalid";
        return refusal(`Bad Request: ${why}`);
      }
      open.delete(id);
      const text = payload["text"] === undefined ? null : String(payload["text"]);
      callbackAnswers.push({ id, text, alert: payload["show_alert"] === true, at: now() });
      return true;
    },
  };
  return { methods, callbackAnswers, menus, pressed: (id) => void open.set(id, now()) };
}

/** Menus are kept by the JSON of their scope, and their language when they have one. */
function menu(payload: Json, { book }: World, then: (key: string) => unknown): unknown {
  const scope = (payload["scope"] ?? { type: "default" }) as Json;
  const place = "chat_id" in scope ? book.reach(scope["chat_id"]) : null;
  if (isRefusal(place)) return place;
  const language = payload["language_code"] ? { language_code: payload["language_code"] } : {};
  return then(JSON.stringify({ ...scope, ...language }));
}

const GROUP = { most: 20, inMs: 60_000 };
const OVERALL = { most: 30, inMs: 1000 };

/** Telegram's flood rule as it is known: twenty messages and edits a minute into a group, thirty a second over all. */
export function floodRule(isOn: boolean, now: () => number): World["flood"] {
  let sent: { readonly chat: number; readonly at: number }[] = [];
  return ({ chat }: Place): Refusal | null => {
    if (!isOn) return null;
    const at = now();
    sent = sent.filter((each) => at - each.at < GROUP.inMs);
    const here = chat.type === "private" ? [] : sent.filter((each) => each.chat === chat.id);
    const recent = sent.filter((each) => at - each.at < OVERALL.inMs);
    for (const [rule, list] of [
      [GROUP, here],
      [OVERALL, recent],
    ] as const) {
      const oldest = list[list.length - rule.most];
      if (oldest === undefined) continue;
      return tooMany(Math.max(1, Math.ceil((oldest.at + rule.inMs - at) / 1000)));
    }
    sent.push({ chat: chat.id, at });
    return null;
  };
}

export const tooMany = (seconds: number): Refusal =>
  refusal(`Too Many Requests: retry after ${seconds}`, 429, { retry_after: seconds });

/** A Telegram of our own for tests: the Bot API over HTTP on loopback, with people in it and faults to order. */
// Written after the documentation and the source of Telegram's own server; checked by clients that others wrote (fake-telegraf.test.ts, test/peers).

import type * as Chats from "./telegram-fake-chats.ts";
import { type ChatBook, chatBook, isRefusal, type Json, refusal } from "./telegram-fake-chats.ts";
import { CHAT_METHODS, type World } from "./telegram-fake-methods.ts";
import { type Call, faultsOf, modern } from "./telegram-fake-payload.ts";
import { type People, people } from "./telegram-fake-people.ts";
import type * as Wire from "./telegram-fake-server.ts";
import { telegramServer } from "./telegram-fake-server.ts";
import { floodRule, type Service, service } from "./telegram-fake-service.ts";
import { type UpdateQueue, updateQueue, type Webhook, webhook } from "./telegram-fake-updates.ts";

export type FakeUser = Chats.FakeUser;
export type FakeChat = Chats.FakeChat;
export type Shown = Chats.Shown;
export type Frame = Wire.Frame;
export type TelegramFault = Wire.TelegramFault;

/** Stands in nothing else: whatever the tests print and store is searched for it. */
export const TELEGRAM_TOKEN = "7000000001:AAF-canary-telegram-token-00000000001";

export interface TelegramFakeOptions {
  readonly port?: number;
  readonly token?: string;
  /** Chats the bot is in from the start; see `introduce`. */
  readonly chats?: readonly FakeChat[];
  /** Answer 429 when messages come too fast for the real Telegram. */
  readonly limits?: boolean;
  /** Fields Telegram does not know: it ignores them, we refuse them, unless told to be like Telegram. */
  readonly unknownFields?: "refused" | "ignored";
  /** How long the first retry of a webhook waits. */
  readonly webhookRetryMs?: number;
  readonly now?: () => number;
}

export interface TelegramFake extends People, AsyncDisposable {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: string;
  readonly bot: { readonly id: number; readonly username: string };
  /** Every request in order of arrival. */
  readonly frames: readonly Frame[];
  /** What no correct bot sends: against the schema of the method, or refused for its own form. */
  readonly violations: readonly string[];
  /** The bot is a member there, or was started there. A chat becomes known by a message in it too; elsewhere a bot may not write. */
  introduce(...chats: readonly FakeChat[]): void;
  visible(chat: number, topic?: number): readonly Shown[];
  /** Messages of the bot only. */
  said(chat: number, topic?: number): readonly Shown[];
  readonly updates: UpdateQueue["counts"];
  readonly callbackAnswers: Service["callbackAnswers"];
  /** What setMyCommands set, by the JSON of the scope. */
  readonly menus: Service["menus"];
  /** Planted faults of a method happen in order; `"*"` is for every method. `times` may be Infinity. */
  fault(method: string, fault: TelegramFault, times?: number): void;
  clearFaults(): void;
  /** Refuses connections; then listens again on the same port. */
  down(isDown: boolean): Promise<void>;
  /** Answers 401 to everything. */
  revoke(isRevoked: boolean): void;
  webhookTo(): Webhook["to"];
}

export const user = (id: number, name = `Person ${id}`, extra: object = {}): FakeUser => ({
  ...{ id, is_bot: false, first_name: name, language_code: "en" },
  ...extra,
});

export const privateChat = ({ id, first_name }: FakeUser): FakeChat => ({
  ...{ id, type: "private", first_name },
});

export const group = (id: number, title = "Group"): FakeChat => ({ id, type: "group", title });

export const channel = (id: number, title = "Channel"): FakeChat => ({
  ...{ id, type: "channel", title },
});

/** With topics it is a forum. */
export const supergroup = (
  id: number,
  { topics, title = "Supergroup" }: { topics?: readonly number[]; title?: string } = {},
): FakeChat => {
  const forum = topics === undefined ? {} : { is_forum: true, topics };
  return { id, type: "supergroup", title, ...forum };
};

/** Refused for what was sent, not for where things stand. */
const MALFORMED =
  /can't parse|is too long|text is empty|unsupported parse_mode|IMAGE_PROCESS|PHOTO_INVALID/;

export async function telegramFake(options: TelegramFakeOptions = {}): Promise<TelegramFake> {
  const { token = TELEGRAM_TOKEN, now = Date.now, unknownFields = "refused" } = options;
  const book = chatBook();
  for (const chat of options.chats ?? []) book.know(chat);
  const hookup: { wake: () => void } = { wake: () => {} };
  const queue = updateQueue(now, () => hookup.wake());
  const hook = webhook(queue, now, options.webhookRetryMs ?? 200);
  hookup.wake = hook.wake;
  const kept = service(queue, hook, now);
  const bot = botOf(token);
  const world = {
    bot,
    book,
    now,
    flood: floodRule(options.limits === true, now),
    files: new Map(),
  };
  const violations: string[] = [];
  let isRevoked = false;

  const server = await telegramServer({
    ...{ token, port: options.port ?? 0, now, isRevoked: () => isRevoked },
    async execute(call, gone) {
      const faults = faultsOf(call.method, modern(call.payload), unknownFields);
      violations.push(...faults.map((fault) => `${call.method}: ${fault}`));
      if (faults[0] !== undefined) return refusal(inTelegramsWords(faults[0]));
      const result = await run(call, gone, { queue, kept, world });
      if (isRefusal(result) && MALFORMED.test(result.description)) {
        violations.push(`${call.method}: ${result.description}`);
      }
      return result;
    },
    answered(call, result) {
      if (call.method === "getUpdates" && Array.isArray(result)) queue.handed(result);
    },
  });

  const { frames, fault, clearFaults, down, port } = server;
  const { callbackAnswers, menus, pressed } = kept;
  return {
    ...people({ bot, book, queue, now, pressed }),
    ...{ url: `http://127.0.0.1:${port}`, token, frames, violations, callbackAnswers, menus },
    bot: { id: bot.id, username: String(bot["username"]) },
    ...sights(book),
    get updates() {
      return queue.counts;
    },
    fault: (method, planted, times = 1) => fault(method, planted, times),
    clearFaults,
    down,
    revoke(revoked) {
      isRevoked = revoked;
      if (revoked) queue.cut(refusal("Unauthorized", 401));
    },
    webhookTo: () => hook.to,
    async [Symbol.asyncDispose]() {
      hook.set(null);
      await down(true);
    },
  };
}

const botOf = (token: string): FakeUser => ({
  ...{ id: Number(token.split(":")[0]), is_bot: true },
  ...{ first_name: "Desk", username: "desk_under_test_bot" },
});

const sights = (book: ChatBook): Pick<TelegramFake, "introduce" | "visible" | "said"> => ({
  introduce(...chats) {
    for (const chat of chats) book.know(chat);
  },
  visible: book.visible,
  said: (chat, topic) => book.visible(chat, topic).filter(({ from }) => from === "bot"),
});

interface Backstage {
  readonly queue: UpdateQueue;
  readonly kept: Service;
  readonly world: World;
}

async function run(
  call: Call,
  gone: AbortSignal,
  { queue, kept, world }: Backstage,
): Promise<unknown> {
  const { method } = call;
  const payload: Json = modern(call.payload);
  if (method === "getUpdates") return queue.poll(payload, gone);
  const known = CHAT_METHODS[method] ?? kept.methods[method];
  return known === undefined ? refusal("Not Found", 404) : known(payload, world);
}

/** Some of what the schemas forbid, Telegram refuses with words of its own. */
function inTelegramsWords(fault: string): string {
  if (/callback_data/.test(fault)) return "Bad Request: BUTTON_DATA_INVALID";
  if (/required property 'text'/.test(fault)) return "Bad Request: message text is empty";
  if (/required property 'chat_id'/.test(fault)) return "Bad Request: chat_id is empty";
  return `Bad Request: ${fault}`;
}

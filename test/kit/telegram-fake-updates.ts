/** The queue of updates of the fake Telegram: numbered, kept until confirmed, handed to a long poll or to a webhook. */
import { type Json, type Refusal, refusal } from "./telegram-fake-chats.ts";

/** Telegram keeps what happened for a day, and the press of a button for as long as it can be answered. */
const KEPT_MS = 86_400_000;
export const PRESS_MS = 150_000;
const LONGEST_POLL_S = 50;
/** What a bot is not told unless it asks. */
const UNASKED = ["chat_member", "message_reaction", "message_reaction_count"];

const TWO_POLLS =
  "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
const HAS_WEBHOOK =
  "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";

interface Entry {
  readonly id: number;
  readonly update: Json;
  readonly at: number;
  /** Sent again under an old number: given whatever the offset is, once. */
  readonly again: boolean;
  given: boolean;
}

interface Waiting {
  readonly limit: number;
  readonly answer: (updates: readonly Json[] | Refusal) => void;
}

export interface UpdateQueue {
  /** @param raw whatever the bot asked for; otherwise 0 and no update when the bot wants none of its kind. */
  push(update: Json, raw: boolean): number;
  replay(id: number, newId: boolean): number;
  poll(payload: Json, gone: AbortSignal): Promise<readonly Json[] | Refusal>;
  /** These reached the other side. */
  handed(updates: readonly Json[]): void;
  /** The oldest one not confirmed, for a webhook. */
  first(): Json | null;
  confirm(before: number): void;
  clear(): void;
  ask(kinds: unknown): void;
  asked(): readonly string[] | null;
  /** While a webhook is set no poll is answered; a waiting one is cut off. */
  hook(isSet: boolean): void;
  /** Cuts off the waiting poll with this answer. */
  cut(answer: Refusal): void;
  readonly counts: { readonly given: number; readonly confirmed: number; readonly waiting: number };
}

export function updateQueue(now: () => number, onPush: () => void): UpdateQueue {
  const sent = new Map<number, Json>();
  let queue: Entry[] = [];
  let lastId = 700_000_000;
  const given = new Set<Entry>();
  let confirmed = 0;
  let kinds: readonly string[] | null = null;
  let hooked = false;
  let waiting: Waiting | null = null;

  const isAlive = ({ at, update }: Entry): boolean =>
    now() - at < ("callback_query" in update ? PRESS_MS : KEPT_MS);
  const take = (limit: number): readonly Json[] => {
    queue = queue.filter(isAlive);
    return queue.slice(0, limit).map(({ update }) => update);
  };
  const end = (answer: readonly Json[] | Refusal): void => {
    const poll = waiting;
    waiting = null;
    poll?.answer(answer);
  };
  const enqueue = (id: number, update: Json, again: boolean): number => {
    queue.push({ id, update, at: now(), again, given: false });
    if (waiting !== null) end(take(waiting.limit));
    onPush();
    return id;
  };

  const self: UpdateQueue = {
    push(update, raw) {
      const kind = Object.keys(update).find((key) => key !== "update_id") ?? "";
      const wanted = kinds === null ? !UNASKED.includes(kind) : kinds.includes(kind);
      if (!raw && !wanted) return 0;
      const id = Number(update["update_id"] ?? lastId + 1);
      lastId = Math.max(lastId, id);
      const numbered = { update_id: id, ...update };
      sent.set(id, numbered);
      return enqueue(id, numbered, false);
    },
    replay(id, newId) {
      const known = sent.get(id);
      if (known === undefined) throw new Error(`no update ${id} was ever sent`);
      const { update_id: _, ...update } = known;
      return newId ? self.push(update, true) : enqueue(id, known, true);
    },
    async poll(payload, gone) {
      if (hooked) return refusal(HAS_WEBHOOK, 409);
      if (payload["allowed_updates"] !== undefined) self.ask(payload["allowed_updates"]);
      const offset = Number(payload["offset"] ?? 0);
      self.confirm(offset < 0 ? (queue.at(offset)?.id ?? 0) : offset);
      const limit = Number(payload["limit"] ?? 100);
      const seconds = Math.min(Number(payload["timeout"] ?? 0), LONGEST_POLL_S);
      const ready = take(limit);
      if (ready.length > 0 || seconds <= 0) return ready;
      end(refusal(TWO_POLLS, 409));
      return new Promise((resolve) => {
        const poll: Waiting = {
          limit,
          answer(updates) {
            clearTimeout(timer);
            resolve(updates);
          },
        };
        const stop = (): void => {
          if (waiting === poll) end([]);
        };
        const timer = setTimeout(stop, seconds * 1000);
        waiting = poll;
        gone.addEventListener("abort", stop, { once: true });
      });
    },
    handed(updates) {
      const ids = new Set(updates.map((update) => update["update_id"]));
      for (const entry of queue.filter(({ id }) => ids.has(id))) {
        entry.given = true;
        given.add(entry);
      }
    },
    first: () => take(1)[0] ?? null,
    confirm(before) {
      const kept = queue.filter(({ id, again, given: was }) => id >= before || (again && !was));
      confirmed += queue.length - kept.length;
      queue = kept;
    },
    clear() {
      queue = [];
    },
    ask(asked) {
      if (Array.isArray(asked)) kinds = asked.length === 0 ? null : asked.map(String);
    },
    asked: () => kinds,
    hook(isSet) {
      hooked = isSet;
      if (isSet) end(refusal("Conflict: terminated by setWebhook request", 409));
    },
    cut: end,
    get counts() {
      return { given: given.size, confirmed, waiting: queue.length };
    },
  };
  return self;
}

export interface WebhookPost {
  readonly url: string;
  readonly secret: string;
}

export interface Webhook {
  set(to: WebhookPost | null): void;
  wake(): void;
  readonly to: WebhookPost | null;
  readonly lastError: { readonly at: number; readonly message: string } | null;
}

/** Posts updates one after the other, in order; each is tried until it is answered with 2xx. */
export function webhook(queue: UpdateQueue, now: () => number, retryMs: number): Webhook {
  let to: WebhookPost | null = null;
  let lastError: Webhook["lastError"] = null;
  let isPosting = false;

  async function post(update: Json, { url, secret }: WebhookPost): Promise<string | null> {
    const token = secret === "" ? {} : { "X-Telegram-Bot-Api-Secret-Token": secret };
    const headers = { "content-type": "application/json", ...token };
    try {
      const body = JSON.stringify(update);
      const signal = AbortSignal.timeout(60_000);
      const answer = await fetch(url, { method: "POST", headers, body, signal });
      await answer.arrayBuffer();
      queue.handed([update]);
      return answer.ok
        ? null
        : `Wrong response from the webhook: ${answer.status} ${answer.statusText}`;
    } catch {
      return "Connection refused";
    }
  }

  async function run(): Promise<void> {
    for (let wait = retryMs; to !== null; ) {
      const update = queue.first();
      if (update === null) return;
      const failed = await post(update, to);
      if (failed === null) {
        queue.confirm(Number(update["update_id"]) + 1);
        wait = retryMs;
        continue;
      }
      lastError = { at: now(), message: failed };
      await new Promise((resolve) => setTimeout(resolve, wait).unref());
      wait = Math.min(wait * 2, 60_000);
    }
  }

  const wake = (): void => {
    if (isPosting || to === null) return;
    isPosting = true;
    void run().finally(() => {
      isPosting = false;
      if (queue.first() !== null) wake();
    });
  };
  return {
    set(next) {
      to = next;
      lastError = null;
      queue.hook(next !== null);
      wake();
    },
    wake,
    get to() {
      return to;
    },
    get lastError() {
      return lastError;
    },
  };
}

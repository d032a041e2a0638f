/** One call to Telegram, classified: what certainly happened, what certainly did not, and what nobody knows. */
// It never throws, never repeats, and lets no error object out: those carry the token in their addresses.
import { type ApiClientOptions, Api as Client, GrammyError, type RawApi } from "grammy";
import { clean } from "../../chat/clean.ts";
import type { Timers } from "../../ports/timers.ts";
import type { Health, Trouble } from "./health.ts";

export type Failure =
  /** Telegram said no: it certainly did not happen. */
  | {
      readonly kind: "error";
      readonly code: number;
      readonly description: string;
      readonly retryAfterMs: number | null;
      /** The chat id that a group has now. */
      readonly migrateTo: number | null;
    }
  /** No byte left. */
  | { readonly kind: "not-sent"; readonly why: string }
  /** It may have happened. */
  | { readonly kind: "ambiguous"; readonly why: string };

export type Reply<T> = { readonly kind: "ok"; readonly value: T } | Failure;

/** grammY's type for signals; a native one is as good to it. */
type Signal = NonNullable<Parameters<RawApi["getMe"]>[0]>;

export interface Api {
  /** Never rejects. `signal` gives it up, silently. `speaks`: how it goes tells how well our mouth is. */
  call<T>(
    work: (methods: RawApi, signal: Signal) => Promise<T>,
    options: {
      readonly timeoutMs: number;
      readonly signal?: AbortSignal;
      readonly speaks?: boolean;
    },
  ): Promise<Reply<T>>;
}

/** What is sent or asked in passing may take so long. */
export const CALL_MS = 10_000;
/** grammY's own timer, behind ours. */
const BACKSTOP_SECONDS = 60;
const WHY_LENGTH = 160;

export const isUnauthorized = (reply: Failure): boolean =>
  reply.kind === "error" &&
  (reply.code === 401 || (reply.code === 404 && /^not found$/i.test(reply.description)));

/** One line for logs, rows and people. */
export const failureText = (reply: Failure): string =>
  reply.kind === "error" ? `${reply.code} ${reply.description}`.trim() : reply.why;

export const troubleOf = (reply: Failure): Trouble =>
  isUnauthorized(reply)
    ? { why: "the bot token is refused", lasting: true, shared: true }
    : {
        why: reply.kind === "error" ? reply.description : reply.why,
        lasting: false,
        shared: reply.kind === "not-sent",
      };

export function openApi(
  settings: { readonly apiRoot: string; readonly token: string },
  doors: {
    readonly fetch: typeof globalThis.fetch;
    readonly timers: Timers;
    /** Null for one who only asks. */
    readonly health: Health | null;
  },
): Api {
  const { token } = settings;
  const { raw } = new Client(token, {
    apiRoot: settings.apiRoot,
    timeoutSeconds: BACKSTOP_SECONDS,
    sensitiveLogs: false,
    // grammY's type asks for node-fetch; it calls any fetch with an address and an init, and reads json() of the answer.
    fetch: doors.fetch as unknown as NonNullable<ApiClientOptions["fetch"]>,
  });

  return {
    async call(work, { timeoutMs, signal, speaks }) {
      if (signal?.aborted) return { kind: "not-sent", why: "given up before sending" };
      const stop = new AbortController();
      let given: Failure | null = null;
      const over = new Promise<Failure>((resolve) => {
        const end = (why: string) => () => {
          given ??= { kind: "ambiguous", why };
          stop.abort();
          resolve(given);
        };
        signal?.addEventListener("abort", end("given up"), { once: true, signal: stop.signal });
        const cancel = doors.timers.after(timeoutMs, end(`no answer within ${timeoutMs / 1000} s`));
        stop.signal.addEventListener("abort", cancel, { once: true });
      });
      const asked = answered(() => work(raw, stop.signal as unknown as Signal), token);
      const reply = await Promise.race([asked, over]);
      const told = given ?? reply;
      if (speaks && doors.health) report(told, doors.health);
      // Nothing waits any more: the timer goes, and what listens to `signal`.
      stop.abort();
      return told;
    },
  };
}

async function answered<T>(work: () => Promise<T>, token: string): Promise<Reply<T>> {
  try {
    return { kind: "ok", value: await work() };
  } catch (error) {
    return error instanceof GrammyError ? refusal(error, token) : broken(error);
  }
}

/** grammY makes this of every JSON without `ok`, also of JSON that is not Telegram's. */
function refusal(error: GrammyError, token: string): Failure {
  const code: unknown = error.error_code;
  if (typeof code !== "number" || !Number.isInteger(code) || code < 400) {
    return { kind: "ambiguous", why: "an answer that is not Telegram's" };
  }
  if (code >= 500) return { kind: "ambiguous", why: `Telegram answered ${code}` };
  const { retry_after: seconds, migrate_to_chat_id: chat } = error.parameters;
  const description = String(error.description ?? "").replaceAll(token, "[secret]");
  return {
    kind: "error",
    code,
    description: clean(description, WHY_LENGTH),
    retryAfterMs: typeof seconds === "number" && seconds >= 0 ? Math.ceil(seconds * 1000) : null,
    migrateTo: Number.isSafeInteger(chat) && chat !== 0 ? (chat ?? null) : null,
  };
}

/** Only the code of an error is kept of it: a message may hold the whole address. */
function broken(error: unknown): Failure {
  let failed: unknown;
  let code = "";
  let at: unknown = error;
  for (let depth = 0; depth < 6 && typeof at === "object" && at !== null; depth += 1) {
    const one: { failed?: unknown; code?: unknown; message?: unknown } = at;
    failed ??= one.failed;
    code ||=
      /\b(?:E[A-Z_]{4,20}|UND_ERR_[A-Z_]{3,20})\b/.exec(`${one.code} ${one.message}`)?.[0] ?? "";
    at = "error" in at ? at.error : "cause" in at ? at.cause : null;
  }
  const tail = code === "" ? "" : ` (${code})`;
  return failed === "not-sent"
    ? { kind: "not-sent", why: `Telegram cannot be reached${tail}` }
    : { kind: "ambiguous", why: `no answer that can be read${tail}` };
}

/** Even a no is a sign of life. */
function report(reply: Reply<unknown>, health: Health): void {
  const isAnswer = reply.kind === "ok" || (reply.kind === "error" && !isUnauthorized(reply));
  if (isAnswer) health.well("mouth");
  else health.bad("mouth", troubleOf(reply));
}

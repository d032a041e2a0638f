/** Which way updates come: to be fetched, or to our own address. A way that somebody else chose is a sign, and is undone. */
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { type Api, CALL_MS, type Failure, failureText, type Reply, troubleOf } from "./api.ts";
import type { Trouble } from "./health.ts";
import type { TelegramSettings } from "./telegram.ts";
import type { TellTales } from "./tell-tales.ts";
import { openWebhookLook, type WebhookInfo, webhookInfo } from "./webhook-info.ts";

/** Edits and channel posts are not even asked for. */
export const ASKED_FOR = ["message", "callback_query", "my_chat_member"] as const;

/** Why updates do not come the way we want: Telegram does not let us choose it, or cannot go it. */
export type Blocked = Failure | { readonly kind: "stuck"; readonly why: string };

export interface Route {
  /** Null when updates come the way we want. */
  claim(signal: AbortSignal): Promise<Blocked | null>;
}

export interface RouteDoors {
  readonly api: Api;
  readonly clock: Clock;
  readonly log: Log;
  readonly tellTales: TellTales;
}

/** What is as we want it, but does not work, is set again no more often than this. */
const SET_AGAIN_MS = 60_000;

const NOTHING = { changed: null, moved: null, stuck: null } as const;

/** What hearing nothing is called. */
export function deafness(blocked: Blocked): Trouble {
  if (blocked.kind === "stuck") {
    return { why: `updates do not come: ${blocked.why}`, lasting: false, shared: false };
  }
  const trouble = troubleOf(blocked);
  if (blocked.kind !== "error" || trouble.lasting) return trouble;
  return { ...trouble, why: `updates do not come: ${trouble.why}` };
}

export function openRoute(webhook: TelegramSettings["webhook"], doors: RouteDoors): Route {
  const { clock, log, tellTales } = doors;
  const wanted = webhook?.url ?? "";
  const seen = openWebhookLook(ASKED_FOR, clock);
  let setAt: number | null = null;
  let complained: string | null = null;

  /** Waiting does not help; whoever runs the desk must. */
  const complain = (why: string): void => {
    if (complained !== why) log.error("updates of Telegram do not come", { why });
    complained = why;
  };
  const choose = async (signal: AbortSignal): Promise<Failure | null> => {
    const reply = await set(doors.api, webhook, signal);
    if (reply.kind === "ok") setAt = clock.now();
    else if (reply.kind === "error" && reply.code !== 429) complain(failureText(reply));
    return reply.kind === "ok" ? null : reply;
  };
  const look = async (signal: AbortSignal): Promise<Reply<WebhookInfo>> => {
    const reply = await ask(doors.api, signal);
    if (reply.kind === "ok") return { kind: "ok", value: webhookInfo(reply.value) };
    log.info("Telegram does not say where it sends updates", { why: failureText(reply) });
    return reply;
  };
  /** Our own address is known to Telegram; whether it is of any use. */
  const tend = async (looked: Reply<WebhookInfo>, signal: AbortSignal): Promise<Blocked | null> => {
    const { changed, moved, stuck } = looked.kind === "ok" ? seen.judge(looked.value) : NOTHING;
    if (changed !== null) tellTales.seen("webhook", changed);
    if (moved !== null) tellTales.seen("address", moved);
    const isFine = looked.kind === "ok" && changed === null && stuck === null;
    if (!isFine && clock.now() - (setAt ?? 0) >= SET_AGAIN_MS) {
      const failure = await choose(signal);
      if (failure !== null) return failure;
    } else if (looked.kind !== "ok") return looked;
    if (stuck === null) return null;
    complain(stuck);
    return { kind: "stuck", why: stuck };
  };

  return {
    async claim(signal) {
      const looked = await look(signal);
      const found = looked.kind === "ok" ? looked.value.url : null;
      const isForeign = found !== null && found !== "" && found !== wanted;
      // An address may be a secret: only its host is told.
      if (isForeign) {
        const host = URL.canParse(found) ? new URL(found).host : "an unreadable address";
        tellTales.seen("webhook", `updates were sent to ${host}`);
      }
      if (webhook === null) return isForeign ? choose(signal) : null;
      // Set anew at each start: the secret and what is asked for may have changed.
      const isOurs = setAt !== null && (found === null || found === wanted);
      const blocked = isOurs ? await tend(looked, signal) : await choose(signal);
      if (blocked === null) complained = null;
      return blocked;
    },
  };
}

const ask = (api: Api, signal: AbortSignal): Promise<Reply<unknown>> =>
  api.call<unknown>((methods, stop) => methods.getWebhookInfo(stop), {
    timeoutMs: CALL_MS,
    signal,
  });

function set(
  api: Api,
  webhook: TelegramSettings["webhook"],
  signal: AbortSignal,
): Promise<Reply<unknown>> {
  const options = { timeoutMs: CALL_MS, signal };
  if (webhook === null) {
    return api.call<unknown>((methods, stop) => methods.deleteWebhook({}, stop), options);
  }
  const asked = {
    ...{ url: webhook.url, secret_token: webhook.secret },
    ...{ allowed_updates: ASKED_FOR, max_connections: 1 },
  };
  return api.call<unknown>((methods, stop) => methods.setWebhook(asked, stop), options);
}

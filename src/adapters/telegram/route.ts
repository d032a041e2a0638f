/** Which way updates come: to be fetched, or to our own address. A way that somebody else chose is a sign, and is undone. */
import type { Log } from "../../ports/log.ts";
import { type Api, CALL_MS, type Failure, failureText } from "./api.ts";
import { record, text } from "./shape.ts";
import type { TelegramSettings } from "./telegram.ts";
import type { TellTales } from "./tell-tales.ts";

/** Edits and channel posts are not even asked for. */
export const ASKED_FOR = ["message", "callback_query", "my_chat_member"] as const;

export interface Route {
  /** Null when updates come the way we want. */
  claim(signal: AbortSignal): Promise<Failure | null>;
}

export function openRoute(
  webhook: TelegramSettings["webhook"],
  { api, log, tellTales }: { readonly api: Api; readonly log: Log; readonly tellTales: TellTales },
): Route {
  let isOurs = false;

  const look = async (signal: AbortSignal): Promise<string | null> => {
    const options = { timeoutMs: CALL_MS, signal };
    const reply = await api.call<unknown>((methods, stop) => methods.getWebhookInfo(stop), options);
    if (reply.kind === "ok") return text(record(reply.value), "url") ?? "";
    log.info("Telegram does not say where it sends updates", { why: failureText(reply) });
    return null;
  };

  const choose = async (signal: AbortSignal): Promise<Failure | null> => {
    const reply = await api.call<unknown>(
      (methods, stop) =>
        webhook === null
          ? methods.deleteWebhook({}, stop)
          : methods.setWebhook(
              {
                url: webhook.url,
                secret_token: webhook.secret,
                allowed_updates: ASKED_FOR,
                max_connections: 1,
              },
              stop,
            ),
      { timeoutMs: CALL_MS, signal },
    );
    if (reply.kind !== "ok") return reply;
    isOurs = true;
    return null;
  };

  return {
    async claim(signal) {
      const found = await look(signal);
      const wanted = webhook?.url ?? "";
      const isForeign = found !== null && found !== "" && found !== wanted;
      // An address may be a secret: only its host is told.
      if (isForeign) {
        const host = URL.canParse(found) ? new URL(found).host : "an unreadable address";
        tellTales.seen("foreign-webhook", `updates were sent to ${host}`);
      }
      // Set anew at each start: the secret and what is asked for may have changed.
      if (webhook !== null) return isOurs && found === wanted ? null : choose(signal);
      return isForeign ? choose(signal) : null;
    },
  };
}

/** What Telegram says of a token before anybody listens with it. It asks twice and changes nothing. */
import { type Api, CALL_MS, failureText, isUnauthorized, openApi } from "./api.ts";
import { record, text, whole } from "./shape.ts";
import type { TelegramDoors, TelegramSettings } from "./telegram.ts";

export interface BotFacts {
  /** Without @. */
  readonly username: string;
  /** As its owner called it: a foreign string. */
  readonly name: string;
  /** False: in groups it is shown only what is addressed to it. */
  readonly seesGroups: boolean;
  readonly joinsGroups: boolean;
  /** Where Telegram sends updates now; null: nowhere, they are fetched. An address may be a secret: only its host. */
  readonly webhook: { readonly host: string; readonly isOurs: boolean } | null;
}

export type BotChecked =
  | { readonly kind: "works"; readonly bot: BotFacts }
  /** The token is not, or no longer, a bot's. */
  | { readonly kind: "refused" }
  | { readonly kind: "failed"; readonly why: string };

export async function checkTelegram(
  doors: Pick<TelegramDoors, "fetch" | "timers">,
  settings: Pick<TelegramSettings, "apiRoot" | "token" | "webhook">,
): Promise<BotChecked> {
  const api: Api = openApi(settings, { ...doors, health: null });
  const options = { timeoutMs: CALL_MS };
  const told = await api.call<unknown>((methods, signal) => methods.getMe(signal), options);
  if (told.kind !== "ok") {
    return isUnauthorized(told) ? { kind: "refused" } : { kind: "failed", why: failureText(told) };
  }
  const me = record(told.value);
  const username = text(me, "username");
  if (whole(me, "id") === null || username === null) {
    return { kind: "failed", why: "an answer that is not Telegram's" };
  }
  const info = await api.call<unknown>(
    (methods, signal) => methods.getWebhookInfo(signal),
    options,
  );
  if (info.kind !== "ok") return { kind: "failed", why: failureText(info) };
  const url = text(record(info.value), "url") ?? "";
  return {
    kind: "works",
    bot: {
      username,
      name: text(me, "first_name") ?? username,
      seesGroups: me?.["can_read_all_group_messages"] === true,
      joinsGroups: me?.["can_join_groups"] !== false,
      webhook:
        url === "" ? null : { host: hostOf(url), isOurs: url === (settings.webhook?.url ?? null) },
    },
  };
}

const hostOf = (url: string): string =>
  URL.canParse(url) ? new URL(url).host : "an unreadable address";

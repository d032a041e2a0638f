/** What Telegram says of the address it sends updates to: whether that works, and whether somebody else has changed it. */
import { clean } from "../../chat/clean.ts";
import type { Clock } from "../../ports/clock.ts";
import { record, text, whole } from "./shape.ts";

export interface WebhookInfo {
  /** Empty: updates are fetched. */
  readonly url: string;
  readonly pending: number;
  readonly lastError: { readonly at: number; readonly why: string } | null;
  /** Null: Telegram's own choice, or not told. */
  readonly askedFor: readonly string[] | null;
  /** Null while Telegram does not know it. */
  readonly ip: string | null;
}

export interface WebhookLook {
  /**
   * Of an address that we have set. `stuck`: why updates wait; `changed`: what somebody else changed; `moved`: where our own
   * name leads now; else null.
   */
  judge(info: WebhookInfo): {
    readonly stuck: string | null;
    readonly changed: string | null;
    readonly moved: string | null;
  };
}

/** An older error has been overcome, or nothing was sent since. */
const RECENT_MS = 120_000;
const WHY_LENGTH = 160;
const IP = /^[\da-f.:]{3,45}$/i;
const MOST_IPS = 100;

export function webhookInfo(value: unknown): WebhookInfo {
  const info = record(value);
  const errorAt = whole(info, "last_error_date");
  const askedFor: unknown = info?.["allowed_updates"];
  const ip = text(info, "ip_address");
  const why =
    clean(text(info, "last_error_message") ?? "", WHY_LENGTH) || "Telegram does not say why";
  return {
    url: text(info, "url") ?? "",
    pending: whole(info, "pending_update_count") ?? 0,
    lastError: errorAt === null ? null : { at: errorAt * 1_000, why },
    askedFor: Array.isArray(askedFor) ? askedFor.map(String) : null,
    ip: ip !== null && IP.test(ip) ? ip : null,
  };
}

export function openWebhookLook(asked: readonly string[], clock: Clock): WebhookLook {
  let wasTold = false;
  const ips = new Set<string>();

  const isAsAsked = (askedFor: readonly string[] | null): boolean => {
    // Whoever never tells it has not changed it.
    if (askedFor === null) return !wasTold;
    wasTold = true;
    return [...askedFor].sort().join() === [...asked].sort().join();
  };
  /** Names get new addresses without anybody's doing: each is told once. */
  const isNewIp = (ip: string | null): boolean => {
    if (ip === null || ips.has(ip) || ips.size >= MOST_IPS) return false;
    ips.add(ip);
    return ips.size > 1;
  };

  return {
    judge({ pending, lastError, askedFor, ip }) {
      const isRecent = lastError !== null && clock.now() - lastError.at < RECENT_MS;
      return {
        stuck: isRecent && pending > 0 ? lastError.why : null,
        changed: isAsAsked(askedFor) ? null : "somebody has changed which updates are sent",
        moved: isNewIp(ip) ? `updates of our address are sent to another machine, ${ip}` : null,
      };
    },
  };
}

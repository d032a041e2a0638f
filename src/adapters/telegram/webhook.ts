/** Takes updates that Telegram sends to us. Whoever does not know the secret is not Telegram. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Hearer } from "../../ports/hearer.ts";
import type { Hook, HookReply, HookRequest } from "../../ports/hook.ts";
import { PLATFORM } from "./address.ts";
import type { Intake } from "./intake.ts";
import { record } from "./shape.ts";

const PATH = "/telegram";
const HEADER = "x-telegram-bot-api-secret-token";

/** @param hearer null while nobody listens: Telegram then keeps the update and comes again */
export function webhook(secret: string, intake: Intake, hearer: () => Hearer | null): Hook {
  const expected = digest(secret);
  return {
    path: PATH,
    async answer(request): Promise<HookReply> {
      const listening = hearer();
      if (request.method !== "POST") return { status: 405 };
      if (listening === null) return { status: 503 };
      if (!timingSafeEqual(digest(request.headers[HEADER] ?? ""), expected)) {
        listening.turnedAway(PLATFORM, "unsigned");
        return { status: 401 };
      }
      const update = parsed(request);
      if (update === null) return { status: 400 };
      return { status: (await intake.take(update, listening)) ? 200 : 503 };
    },
  };
}

/** Of one length, as the comparison wants it. */
const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

function parsed({ body }: HookRequest) {
  try {
    return record(JSON.parse(Buffer.from(body).toString("utf8")));
  } catch {
    return null;
  }
}

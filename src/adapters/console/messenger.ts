/** Speaks on a stream, usually stdout. A line that was written counts as delivered. */
import type { Writable } from "node:stream";
import type { Delivery } from "../../ports/deliveries.ts";
import type { Messenger, Sent } from "../../ports/messenger.ts";
import { type Look, render } from "./render.ts";

export function consoleMessenger(output: Writable, look: Look): Messenger {
  let broken: string | null = null;
  // Without a listener an error of the stream would end the process.
  output.on("error", (error: Error) => {
    broken = error.message;
  });
  return {
    platform: "console",
    send(delivery: Delivery, heading: string): Promise<Sent> {
      if (broken !== null || output.writableEnded || output.destroyed) {
        return Promise.resolve({ kind: "refused", why: broken ?? "the output is closed" });
      }
      const edited = delivery.edit && delivery.messageId !== null;
      const text = render(delivery.card, heading, edited, look);
      return new Promise((resolve) => {
        output.write(text, (error) => {
          if (error) resolve({ kind: "refused", why: error.message });
          else resolve({ kind: "sent", messageId: `console:${delivery.id}` });
        });
      });
    },
  };
}

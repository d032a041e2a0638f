/** Speaks on a stream, usually stdout. A line that was written counts as delivered. */
import type { Writable } from "node:stream";
import type { Delivery } from "../../ports/deliveries.ts";
import type { Messenger, Sent } from "../../ports/messenger.ts";
import { type Look, render } from "./render.ts";

/** @param onBroken called once, when nothing can be said here any more */
export function consoleMessenger(
  output: Writable,
  look: Look,
  onBroken?: (why: string) => void,
): Messenger {
  let broken: string | null = null;
  const refuse = (why: string): Sent => {
    if (broken === null) {
      broken = why;
      onBroken?.(why);
    }
    return { kind: "refused", why: broken };
  };
  // Without a listener an error of the stream would end the process.
  output.on("error", ({ message }: Error) => refuse(message));
  return {
    platform: "console",
    send(delivery: Delivery, heading: string): Promise<Sent> {
      if (broken !== null || output.writableEnded || output.destroyed) {
        return Promise.resolve(refuse("the output is closed"));
      }
      const sent: Sent = { kind: "sent", messageId: `console:${delivery.id}` };
      // What is printed stays as it is; a new message says the same.
      if (delivery.edit && delivery.card.echo) return Promise.resolve(sent);
      const edited = delivery.edit && delivery.messageId !== null;
      const text = render(delivery.card, heading, edited, look);
      return new Promise((resolve) => {
        output.write(text, (error) => {
          resolve(error ? refuse(error.message) : sent);
        });
      });
    },
  };
}

/** The picture of a card, as a reply to its message. The message stands without it: what fails here is left out. */
import type { Picture } from "../../chat/card.ts";
import { clean } from "../../chat/clean.ts";
import type { Log } from "../../ports/log.ts";
import type { Timers } from "../../ports/timers.ts";
import type { Client } from "./client.ts";

/** Whoever sent the message waits no longer than this for its picture; after that it comes when it comes. */
const PATIENCE_MS = 5_000;

export async function show(
  picture: Picture,
  at: { readonly channel: string; readonly thread: string },
  doors: {
    readonly client: Client;
    readonly timers: Timers;
    readonly log: Log;
    readonly leftMs: () => number;
  },
): Promise<void> {
  const { client, timers, log, leftMs } = doors;
  const uploading = client
    .upload({
      channel_id: at.channel,
      thread_ts: at.thread,
      filename: "chart.png",
      alt_text: clean(picture.alt),
      file: Buffer.from(picture.png, "base64"),
    })
    .then((answer) => {
      if (!answer.ok) log.warn("a picture could not be shown", { why: answer.error.why });
    });
  await new Promise<void>((resolve) => {
    const cancel = timers.after(Math.min(PATIENCE_MS, leftMs()), resolve);
    void uploading.then(() => {
      cancel();
      resolve();
    });
  });
}

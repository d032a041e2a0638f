/** How many cases a test really put to a desk, counted in the frames that the platforms handed over. */
import type { ChatScene } from "./chat-scene.ts";

export function handedOver({ telegram, slack }: ChatScene): string {
  const envelopes = slack.socketFrames.filter(
    ({ direction, body }) => direction === "out" && "envelope_id" in body,
  );
  const requests = telegram.frames.length + slack.frames.length;
  return `cases handed to the desk: ${telegram.updates.given} updates by Telegram, ${envelopes.length} envelopes by Slack; requests it made: ${requests}`;
}

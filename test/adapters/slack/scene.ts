/** A room of the fake of Slack and our messenger in it, made anew for every test of a file. */
import { afterEach, beforeEach, expect } from "vitest";
import { instant } from "../../../src/core/kernel/time.ts";
import type { Delivery } from "../../../src/ports/deliveries.ts";
import type { Found, Sent } from "../../../src/ports/messenger.ts";
import { type Frame, type SlackFake, type SlackFault, slackFake } from "../../kit/slack-fake.ts";
import { ANA, delivery, OPS, type Opened, open, settingsOf } from "./rig.ts";

export const HEADING = "LIVE nyc1";

export interface Scene {
  readonly fake: SlackFake;
  readonly opened: Opened;
  send(of?: Partial<Delivery>): Promise<Sent>;
  /** The id it was sent with. */
  sent(of?: Partial<Delivery>): Promise<string>;
  find(of: Delivery): Promise<Found | undefined>;
  posted(): readonly Frame[];
  restart(): Promise<void>;
}

/** Nothing wrong is ever sent to Slack, and nothing secret or said is ever logged: that is looked at after each test. */
export function scene(): Scene {
  let fake: SlackFake;
  let opened: Opened;
  beforeEach(async () => {
    fake = await slackFake();
    fake.addChannel(OPS);
    fake.addUser(ANA);
    opened = open(settingsOf(fake));
  });
  afterEach(async () => {
    await opened.close();
    expect(fake.violations).toEqual([]);
    expect(opened.logged.join()).not.toMatch(/xoxb|xapp|ticket|65,084|http:/);
    await fake[Symbol.asyncDispose]();
  });
  const send: Scene["send"] = (of) => opened.slack.messenger.send(delivery(of), HEADING);
  return {
    get fake() {
      return fake;
    },
    get opened() {
      return opened;
    },
    send,
    async sent(of) {
      const sent = await send(of);
      if (sent.kind !== "sent") throw new Error(`a message was ${sent.kind}`);
      return sent.messageId;
    },
    find: async (of) => opened.slack.messenger.find?.(of, HEADING),
    posted: () => fake.frames.filter(({ method }) => method === "chat.postMessage"),
    async restart() {
      await opened.close();
      opened = open(settingsOf(fake));
    },
  };
}

/** As the courier keeps it after an attempt without an outcome, long enough ago to judge. */
export function uncertain(of: Partial<Delivery> = {}): Delivery {
  const row = delivery(of);
  return { ...row, uncertain: true, attempts: 1, attemptedAt: instant(row.at - 10_000) };
}

export const refusal = (code: string): SlackFault => ({ kind: "error", error: code });

/** The Telegram adapter before a fake Telegram, over the real transport; whatever it tells the desk is kept. */
import { onTestFinished } from "vitest";
import { netTransport } from "../../../src/adapters/net/net-transport.ts";
import { fetchOver } from "../../../src/adapters/net/transport-fetch.ts";
import { systemTimers } from "../../../src/adapters/system/timers.ts";
import { openTelegram } from "../../../src/adapters/telegram/open-telegram.ts";
import type { Telegram, TelegramSettings } from "../../../src/adapters/telegram/telegram.ts";
import type { Card } from "../../../src/chat/card.ts";
import type { Notice } from "../../../src/core/engine/input.ts";
import { type ConfirmationId, type RoomId, roomId } from "../../../src/core/kernel/ids.ts";
import { instant } from "../../../src/core/kernel/time.ts";
import type { Delivery } from "../../../src/ports/deliveries.ts";
import type { Echo, Hearer } from "../../../src/ports/hearer.ts";
import type { Arrival } from "../../../src/ports/inbound.ts";
import type { Seal } from "../../../src/ports/seal.ts";
import type { ManualTime } from "../../kit/manual-time.ts";
import { type QuietLog, quietLog } from "../../kit/quiet-log.ts";
import {
  type FakeChat,
  type FakeUser,
  group,
  privateChat,
  supergroup,
  type TelegramFake,
  telegramFake,
  user,
} from "../../kit/telegram-fake.ts";

export const ANA: FakeUser = user(4242, "Ana");
export const ANAS: FakeChat = privateChat(ANA);
export const ANAS_ROOM = roomId("telegram:4242");
export const BASIC: FakeChat = group(-77);
export const BASIC_ROOM = roomId("telegram:-77");
export const SUPER: FakeChat = supergroup(-1001234567890, { topics: [5, 7] });
export const SUPER_ROOM = roomId("telegram:-1001234567890");
export const TOPIC_5 = roomId("telegram:-1001234567890/5");
export const TOPIC_7 = roomId("telegram:-1001234567890/7");

export const seal: Seal = {
  of: (confirmation: ConfirmationId, verb) => `${confirmation}${verb}`.padEnd(16, "_").slice(0, 16),
};

export interface Heard {
  readonly arrivals: Arrival[];
  readonly echoes: Echo[];
  readonly origins: string[];
}

export interface Ear extends Hearer, Heard {
  /** False: what arrives is not taken until a test takes it. */
  takes: boolean;
}

export function ear(): Ear {
  const self: Ear = {
    ...{ arrivals: [], echoes: [], origins: [], takes: true },
    receive(arrival, echo) {
      self.arrivals.push(arrival);
      if (echo) self.echoes.push(echo);
      if (self.takes) echo?.taken();
    },
    turnedAway(platform, origin) {
      self.origins.push(`${platform} ${origin}`);
    },
  };
  return self;
}

export interface Told {
  readonly notices: Notice[];
  /** `alive`, or why it fails; `!` before what lasts. */
  readonly pulse: string[];
  readonly log: QuietLog;
}

export interface Rig extends Told {
  readonly fake: TelegramFake;
  readonly telegram: Telegram;
  readonly ear: Ear;
  /** A desk that knows nothing of what the first one did, at the same Telegram. */
  again(): Telegram;
}

export interface RigOptions extends Partial<Omit<TelegramSettings, "rooms">> {
  readonly rooms?: readonly RoomId[];
  readonly time?: ManualTime;
  readonly webhookRetryMs?: number;
}

export function openAt(
  apiRoot: string,
  token: string,
  { time, ...settings }: RigOptions = {},
): Told & { readonly telegram: Telegram } {
  const transport = netTransport();
  const [notices, pulse, log] = [[] as Notice[], [] as string[], quietLog()];
  const telegram = openTelegram(
    {
      fetch: watched(fetchOver(transport, 60_000)),
      clock: time?.clock ?? { now: () => instant(Date.now()) },
      timers: time?.timers ?? systemTimers,
      log,
      pulse: {
        alive: () => pulse.push("alive"),
        failing: (_, why, lasting) => pulse.push(`${lasting ? "!" : ""}${why}`),
      },
      notices: { note: (notice) => notices.push(notice) },
      seal,
    },
    {
      ...{ apiRoot, token, menus: [], webhook: null },
      rooms: [ANAS_ROOM, BASIC_ROOM, SUPER_ROOM, TOPIC_5],
      ...settings,
    },
  );
  onTestFinished(async () => {
    await telegram.ears.stop();
    await transport.close();
  });
  return { telegram, notices, pulse, log };
}

export async function rig(options: RigOptions = {}): Promise<Rig> {
  const fake = await telegramFake({
    chats: [ANAS, BASIC, SUPER],
    webhookRetryMs: options.webhookRetryMs ?? 20,
  });
  onTestFinished(() => fake[Symbol.asyncDispose]());
  const open = () => openAt(fake.url, fake.token, options);
  return { fake, ear: ear(), ...open(), again: () => open().telegram };
}

let rows = 0;

export const card = (headline: string, of: Partial<Card> = {}): Card => ({
  ...{ headline, lines: [], mark: "", buttons: [], event: "F7A3" },
  ...of,
});

export function row(of: Partial<Delivery> & { readonly card: Card }): Delivery {
  rows += 1;
  return {
    ...{ id: rows, room: ANAS_ROOM, lane: "critical", eventSeq: null, dedupe: `row-${rows}` },
    ...{ key: null, edit: false, under: null, at: instant(1), attempts: 0, uncertain: false },
    ...{ attemptedAt: null, mark: null, messageId: null, rootId: null },
    ...of,
  };
}

/** Waits for the world, not for a time: looks again until it holds. */
export async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 2000) throw new Error("it never came true");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** When the requests under way began. */
const flying = new Map<symbol, number>();
/** Whatever loopback has not answered after so long is held back on purpose. */
const HELD_MS = 60;

function watched(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const one = Symbol("request");
    flying.set(one, Date.now());
    return fetch(input, init).finally(() => flying.delete(one));
  };
}

const isBusy = (): boolean => [...flying.values()].some((since) => Date.now() - since < HELD_MS);

/** Lets virtual time pass in steps until it holds, but never while a request is being answered. */
export async function passUntil(
  time: ManualTime,
  stepMs: number,
  holds: () => boolean,
): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 2000) throw new Error("it never came true");
    await new Promise((resolve) => setTimeout(resolve, 1));
    await until(() => !isBusy());
    if (!holds()) await time.pass(stepMs);
  }
}

/** How often a method was called. */
export const calls = (fake: TelegramFake, method: string): number =>
  fake.frames.filter((frame) => frame.method === method).length;

/** One /kill when things are broken: Telegram answers 429 to all that is sent, the database hangs, and fifty orders rest at the exchange. */
// The desk is a process of its own; both chat platforms and the exchange are in this one, so that one clock times all.
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { BO, CHANNEL, type ChatScene, chatScene, GROUP } from "../test/kit/chat-scene.ts";
import { childDesk, until } from "../test/kit/desk-process.ts";
import { hangingProxy } from "../test/kit/hanging-proxy.ts";
import { type Beforehand, cancelledOf, restingOrders } from "../test/kit/resting-orders.ts";

export const PLATFORMS = ["telegram", "slack"] as const;
export const STATES = ["active", "paused", "halted", "killed"] as const;

export interface KillRound {
  readonly platform: (typeof PLATFORMS)[number];
  /** Of the desk when it is killed; `killed`: for the second time, the venue having answered no cancel of the first. */
  readonly state: (typeof STATES)[number];
  readonly orders: number;
}

export interface KillTimes extends KillRound {
  /** From the update's leaving the platform to the first cancel request at the exchange, and to the last order's end there. */
  readonly firstCancelMs: number;
  readonly allCancelledMs: number;
  /** By the exchange's own ledger. */
  readonly cancelled: number;
  readonly stillOpen: number;
}

const SENDS = ["sendMessage", "editMessageText", "answerCallbackQuery", "sendPhoto"] as const;
const CANCEL = /\/orders\/batch_cancel$/;

/** @param after looks at the place while it is still there, with the desk dead and the database back */
export async function killRound(
  round: KillRound,
  after: (scene: ChatScene) => Promise<void> = async () => undefined,
): Promise<KillTimes> {
  const { platform, state, orders: count } = round;
  await using scene = await chatScene();
  const { market, made } = scene;
  const before: Beforehand = state === "killed" ? "active" : state;
  const connection = made.database.desk;
  const ids = await restingOrders({ market, connection, count, state: before });
  await using proxy = await hangingProxy(made.url);
  await using desk = childDesk({ ...scene.env, DATABASE_URL: proxy.url });
  await desk.says(/In agreement with the venue/);
  await until(() => isHeard(scene), "both platforms to be listened to");
  const flood = { kind: "429", retryAfter: 60 } as const;
  for (const method of SENDS) scene.telegram.fault(method, flood, Number.POSITIVE_INFINITY);
  proxy.hang();
  const { control } = market.exchange;
  if (state === "killed") await killInVain(scene, round);

  await until(() => isHeard(scene), "both platforms to be listened to");
  const cancels = arrivals();
  try {
    const sentAt = performance.now();
    say(scene, platform);
    await until(
      () => cancels.at.length > 0,
      "the first cancel",
      () => desk.errors,
    );
    control.resume();
    const done = () => cancelledOf(market, ids) === count;
    await until(done, `${count} orders to be cancelled`, () => desk.errors);
    const endedAt = performance.now();
    await desk.stop("SIGKILL");
    proxy.goOn();
    await after(scene);
    const open = market.exchange.ledger.orders.filter(({ status }) => status === "OPEN");
    return {
      ...round,
      firstCancelMs: (cancels.at[0] ?? Number.NaN) - sentAt,
      allCancelledMs: endedAt - sentAt,
      cancelled: cancelledOf(market, ids),
      stillOpen: open.length,
    };
  } finally {
    cancels.stop();
  }
}

function say({ telegram, slack }: ChatScene, platform: KillRound["platform"]): void {
  if (platform === "telegram") telegram.says(BO.telegram, GROUP, "/kill bench");
  else void slack.slash(BO.slack, CHANNEL, "kill bench");
}

/** A long poll waits, and a socket is open: what is said now is heard now. */
function isHeard({ telegram, slack }: ChatScene): boolean {
  const poll = telegram.frames.findLast(({ method }) => method === "getUpdates");
  return poll?.status === 0 && slack.connections > 0;
}

/** The first kill, whose cancels the venue never answers, nor those that the desk asks for again each second. */
async function killInVain(scene: ChatScene, { platform }: KillRound): Promise<void> {
  const { control, ledger } = scene.market.exchange;
  control.hang("POST /orders/batch_cancel");
  const cancels = arrivals();
  say(scene, platform);
  await until(() => cancels.at.length > 0, "the cancel that nobody answers");
  cancels.stop();
  if (ledger.orders.every(({ status }) => status !== "OPEN")) throw new Error("nothing is left");
}

/** When requests to cancel arrived at the exchange, from now on. */
function arrivals() {
  const at: number[] = [];
  const heard = (message: unknown): void => {
    const { request } = message as { request: IncomingMessage };
    if (CANCEL.test((request.url ?? "").split("?", 1)[0] ?? "")) at.push(performance.now());
  };
  subscribe("http.server.request.start", heard);
  return { at, stop: (): void => void unsubscribe("http.server.request.start", heard) };
}

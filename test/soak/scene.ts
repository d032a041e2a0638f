/**
 * A whole desk before the exchange that accepts everything: the real core, loop, writer, dispatch and last look; only the
 * doors are made up. Wishes go straight to where the desk turns them into orders: the adversary can make it want anything.
 */
import type { Request } from "../../src/core/control/request.ts";
import { heldBack } from "../../src/core/engine/leave.ts";
import { newState, type Settings, type State } from "../../src/core/engine/state.ts";
import { consider } from "../../src/core/engine/trade.ts";
import { openTurn } from "../../src/core/engine/turn.ts";
import { inboundId, type ProductId, personId, roomId } from "../../src/core/kernel/ids.ts";
import { quote } from "../../src/core/kernel/money.ts";
import type { Random } from "../../src/core/kernel/random.ts";
import { ok } from "../../src/core/kernel/result.ts";
import { type Instant, instant } from "../../src/core/kernel/time.ts";
import { GATE } from "../../src/core/risk/gate.ts";
import type { Policy } from "../../src/core/risk/limits.ts";
import type { RuleName, Veto } from "../../src/core/risk/veto.ts";
import type { Intent } from "../../src/core/strategy/intent.ts";
import type { Feed } from "../../src/ports/feed.ts";
import type { Journal } from "../../src/ports/journal.ts";
import type { Log } from "../../src/ports/log.ts";
import { createDispatch } from "../../src/run/dispatch.ts";
import { createLoop, type Loop } from "../../src/run/loop.ts";
import { createWriter } from "../../src/run/writer.ts";
import { Auditor } from "./auditor.ts";
import { ADMISSION_MS, type SoakExchange, soakExchange } from "./exchange.ts";
import { Ledger } from "./ledger.ts";
import { ETH, Market, PRODUCTS } from "./market.ts";
import { type VirtualTime, virtualTime } from "./virtual-time.ts";

export const strategyOf = (product: ProductId): string => (product === ETH ? "beta" : "alpha");

export interface Scene {
  readonly random: Random;
  readonly time: VirtualTime;
  readonly state: State;
  readonly ledger: Ledger;
  readonly market: Market;
  readonly exchange: SoakExchange;
  readonly auditor: Auditor;
  readonly put: Loop["put"];
  /** What the shell tells with its ticks. */
  readonly shell: { leading: boolean; unwrittenMs: number };
  /** The journal takes nothing until then. */
  readonly journal: { stuckUntil: number };
  /** Makes the desk want it, now. */
  want(intent: Intent): void;
  ask(request: Request): void;
}

export interface Watched {
  /** Rules that are taken out of the gate, to see whether the exchange notices. */
  readonly without?: readonly RuleName[];
  vetoed(vetoes: readonly Veto[]): void;
  /** The desk stopped itself: a mistake of the soak or of the desk. */
  fatal(why: string): void;
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

const settingsOf = (policy: Policy, without: readonly RuleName[]): Settings => ({
  deploy: "soakdesk",
  products: PRODUCTS,
  quoteCurrency: "USD",
  barMs: 60_000,
  strategy: { name: "alpha", warmUpBars: 1, decide: () => null },
  orderQuote: quote("100"),
  stopBps: 40,
  takeBps: 80,
  signalLifeMs: 10_000,
  admissionMs: ADMISSION_MS,
  listEveryMs: 30_000,
  armed: true,
  rules: GATE.filter(({ name }) => !without.includes(name)),
  policy,
});

export async function openScene(
  start: Instant,
  random: Random,
  policy: Policy,
  watched: Watched,
): Promise<Scene> {
  const time = virtualTime(start);
  const { clock, timers } = time;
  const ledger = new Ledger();
  const market = new Market(random);
  const auditor = new Auditor(ledger, market, policy, strategyOf);
  const exchange = soakExchange(time, random, ledger, market, auditor);
  const state = newState(settingsOf(policy, watched.without ?? []));
  const shell = { leading: true, unwrittenMs: 0 };
  const { journal, held } = stickyJournal(time, random);
  const emergency = { append: async () => {}, read: async () => [], clear: async () => {} };
  const writer = createWriter(
    {
      journal,
      emergency,
      clock,
      timers,
      log: silent,
      release: (effect) => dispatch.release(effect),
      committed: () => {},
      unavailable: () => {},
      failing: (stage, why) => loop.put({ kind: "journal.failing", stage, why }),
      fatal: watched.fatal,
    },
    0,
  );
  const loop = createLoop(state, {
    clock,
    timers,
    log: silent,
    writer,
    decided: () => {},
    fatal: watched.fatal,
  });
  const feed: Feed = { start() {}, history: async () => [], stop: async () => {} };
  const dispatch = createDispatch(
    { venue: exchange, feed, clock, timers, log: silent },
    loop.put,
    instant(0),
    (plan, at) => heldBack(state, plan, at),
  );
  const { put } = loop;
  const messages = { count: 0 };
  const scene: Scene = {
    random,
    time,
    state,
    ledger,
    market,
    exchange,
    auditor,
    put,
    shell,
    journal: held,
    want(intent) {
      const { turn, outcome } = openTurn(state, clock.now());
      consider(turn, intent);
      const done = outcome();
      for (const { body } of done.events) {
        if (body.kind === "intent.vetoed") watched.vetoed(body.vetoes);
      }
      writer.write(done);
    },
    ask(request) {
      messages.count += 1;
      const room = roomId("console:soak");
      const inbound = inboundId(`console:soak:${messages.count}`);
      const by = { person: personId("ana"), name: "Ana", room, inbound };
      const nonce = (messages.count * 7919).toString(16).padStart(32, "9");
      put({ kind: "operator.requested", request, by, nonce });
    },
  };
  await begin(scene);
  return scene;
}

/** A journal that takes a moment, and sometimes long. */
function stickyJournal({ clock, sleep }: VirtualTime, random: Random) {
  const held = { stuckUntil: 0 };
  const journal: Journal = {
    async append() {
      if (clock.now() < held.stuckUntil) await sleep(held.stuckUntil - clock.now());
      await sleep(random.next() < 0.02 ? random.between(100, 1500) : random.between(0, 4));
      return ok(undefined);
    },
    read: async () => [],
    latestCheckpoint: async () => null,
    writeCheckpoint: async () => {},
  };
  return { journal, held };
}

/** Streams alive, prices heard, and the venue listed: a desk that may trade. */
async function begin({
  time,
  put,
  market,
  exchange,
  shell,
  auditor,
  ledger,
}: Scene): Promise<void> {
  const { clock, timers } = time;
  put({ kind: "desk.opened", mode: "paper", name: "soak", version: "test", run: "r1" });
  exchange.start((input) => {
    ledger.course.alive("user", clock.now());
    put(input);
  });
  const publish = (): void => {
    auditor.look(clock.now());
    if (clock.now() < market.mood.silentUntil) return;
    ledger.course.alive("market", clock.now());
    put({ kind: "feed.alive", stream: "market" });
    for (const input of market.publish(clock.now())) put(input);
  };
  timers.every(700, publish);
  timers.every(250, () => put({ kind: "clock.ticked", ...shell }));
  timers.every(900, () => exchange.stir());
  put({ kind: "clock.measured", aheadMs: 20 });
  timers.every(60_000, () => put({ kind: "clock.measured", aheadMs: 20 }));
  await time.pass(12_000);
}

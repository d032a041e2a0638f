/** A scripted desk on a go-live ladder of four rungs, and the ways to show what each asks for. */

import { USUAL_AUTHORITY } from "../../src/core/control/authority.ts";
import type { Rung } from "../../src/core/control/stage.ts";
import { decodeDesk, encodeDesk } from "../../src/core/engine/codec.ts";
import { newState, type Settings } from "../../src/core/engine/state.ts";
import { roomId } from "../../src/core/kernel/ids.ts";
import { price, quote } from "../../src/core/kernel/money.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { Policy } from "../../src/core/risk/limits.ts";
import { findLimit, limitText } from "../../src/core/risk/policy.ts";
import { BTC, DeskScript, listing, POLICY, settings } from "./desk-script.ts";

export const GROSS = "portfolio.max_gross_notional_usd";
export const LOSS = "portfolio.max_daily_loss_usd";
export const ROOM = roomId("telegram:-100");
export const HOUR = 3_600_000;

const rung = (name: string, venue: Rung["venue"], more: Partial<Rung> = {}): Rung => ({
  name,
  venue,
  caps: new Map(),
  worstCase: null,
  needs: {},
  ...more,
});

export const CANARY_CAPS = new Map([
  [GROSS, quote("500")],
  [LOSS, quote("10")],
]);

export const LADDER: readonly Rung[] = [
  rung("paper", "paper"),
  rung("shadow", "shadow"),
  rung("canary", "live", { caps: CANARY_CAPS }),
  rung("small", "live", {
    caps: new Map([
      [GROSS, quote("2500")],
      [LOSS, quote("75")],
    ]),
  }),
];

/** The ladder with what one rung asks for. */
export const asking = (name: string, needs: Rung["needs"]): readonly Rung[] =>
  LADDER.map((each) => (each.name === name ? { ...each, needs } : each));

export interface OnLadder extends Partial<Settings> {
  readonly mode?: string;
  readonly policy?: Policy;
}

const begun = (desk: DeskScript, mode: string): DeskScript => {
  desk.hearing(desk.now);
  desk.put({ kind: "desk.opened", mode, name: "desk", version: "test", run: "r" });
  desk.put({ kind: "feed.alive", stream: "user" });
  desk.put({ kind: "venue.listed", listing: listing({ asOf: instant(desk.now) }) });
  return desk.trade("100").quote("99.99", "100.01").tick(100);
};

/** A desk on the lowest rung, which trades on paper, reconciled. */
export function onLadder({ mode = "paper", policy = POLICY, ...over }: OnLadder = {}): DeskScript {
  const all = { ladder: LADDER, routes: [ROOM], armed: true, ...over };
  return begun(new DeskScript(policy, undefined, all), mode);
}

/** The same desk opened again: what was durable, in a mode, with settings of now. */
export function reopened(desk: DeskScript, mode: string, over: Partial<Settings> = {}): DeskScript {
  const { ladder, routes, armed, authority, policy } = desk.state.settings;
  const kept = {
    ...(ladder ? { ladder } : {}),
    ...(routes ? { routes } : {}),
    ...(authority ? { authority } : {}),
    ...(armed === undefined ? {} : { armed }),
  };
  const durable = decodeDesk(encodeDesk(desk.state.desk));
  const of = { ...settings(desk.strategy, policy), ...kept, ...over };
  const next = new DeskScript(of.policy, newState(of, durable));
  // The puppet that is pulled is the one that the settings know.
  Object.assign(next, { strategy: desk.strategy });
  next.now = desk.now + 1000;
  next.messages = desk.messages + 100;
  next.seq = desk.seq;
  return begun(next, mode);
}

export const raise = (desk: DeskScript): DeskScript => desk.ask({ verb: "stage", to: "raise" });

/** Says yes to what waits. */
export function confirm(desk: DeskScript): DeskScript {
  const open = [...desk.state.desk.confirmations.values()].at(-1);
  return open ? desk.ask({ verb: "confirm", code: open.code }) : desk;
}

export const refusal = (desk: DeskScript): string =>
  desk.said("request.answered").findLast(({ refused }) => refused)?.why ?? "";

export const rungOf = (desk: DeskScript): string => desk.state.desk.stage?.rung ?? "none";

export function capOf(desk: DeskScript, key = GROSS): string {
  const row = desk.state.desk.policy && findLimit(desk.state.desk.policy, key);
  return row ? limitText(row.value) : "gone";
}

/** The venue shows that nothing is open there, and a desk that goes on elsewhere has its last word. */
export function gone(desk: DeskScript): DeskScript {
  desk.wait(1).listed().tick();
  const reopen = desk.asked("reopen").at(-1);
  return reopen ? desk.put({ kind: "desk.closing", why: reopen.why }) : desk;
}

/** Up by one rung, by all steps of a desk where one confirmation is enough, and opened again where that is elsewhere. */
export function climbed(desk: DeskScript, to: Rung["venue"]): DeskScript {
  if (!desk.state.desk.paused) desk.ask({ verb: "pause", reason: "up" });
  desk.put({ kind: "checks.measured", red: [] });
  gone(confirm(raise(desk)));
  return desk.asked("reopen").length > 0 ? reopened(desk, to) : desk;
}

/** All steps of real desks left out: they have their own tests. */
const EASY = { authority: { ...USUAL_AUTHORITY, real: USUAL_AUTHORITY.play } };
export const easy = (over: Parameters<typeof onLadder>[0] = {}): DeskScript =>
  onLadder({ ...EASY, ...over });
export const paused = (desk: DeskScript): DeskScript => desk.ask({ verb: "pause", reason: "up" });
/** Time passes in which the desk hears its streams and its venue. */
export const pass = (desk: DeskScript, ms: number): DeskScript =>
  desk
    .wait(ms)
    .alive()
    .trade("100")
    .quote("99.99", "100.01")
    .put({ kind: "clock.measured", aheadMs: 0 })
    .listed({ tops: [{ product: BTC, bid: price("99.99"), ask: price("100.01") }] })
    .tick();
/** On the first live rung, with the checks green. */
export const onCanary = (over: Parameters<typeof onLadder>[0] = {}): DeskScript =>
  climbed(climbed(easy(over), "shadow"), "live").put({ kind: "checks.measured", red: [] });
export function bought(desk: DeskScript): DeskScript {
  pass(desk, 6000).want("long").accept();
  return desk.fill("100.01");
}
/** The desk sells what it holds, and both orders are proven by their trades. */
export function sold(desk: DeskScript): DeskScript {
  desk.want("flat").accept().fill("100.01");
  for (const id of [...desk.state.desk.closed.keys()]) settle(desk, id);
  return desk;
}
export function settle(desk: DeskScript, order: string): void {
  const known = [...desk.state.desk.closed.values()].find(({ plan }) => plan.id === order);
  if (!known?.venueId) return;
  const { plan, executed, venueId } = known;
  const at = instant(desk.now);
  const observation = {
    order: plan.id,
    ...{ venueId, executed, progress: "filled", detail: "", source: "read" },
  } as never;
  const trade = {
    ...{ tradeId: `t-${plan.id}`, venueId, order: plan.id, product: BTC, side: plan.side },
    ...{ size: executed.size, price: quote("100.01"), value: executed.value, fee: executed.fees },
    ...{ at, time: at, liquidity: "taker" },
  } as never;
  desk.put({ kind: "order.read", observation, trades: [trade] });
}

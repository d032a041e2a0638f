import { expect, test } from "vitest";
import { decimal } from "../../src/core/kernel/money.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { DeskScript, listing, POLICY } from "../kit/desk-script.ts";

test("a wish that every rule lets through becomes one planned order and one request to place it", () => {
  const desk = DeskScript.ready().want("long");
  expect(desk.said("order.planned")).toHaveLength(1);
  expect(desk.asked("place")).toHaveLength(1);
  const { plan } = desk.asked("place")[0] ?? { plan: desk.lastPlan() };
  expect(decimal(plan.limit)).toBe("100.16");
  expect(plan.timeInForce).toBe("ioc");
  expect(plan.id.startsWith("testdesk-")).toBe(true);
});

test("a cold desk refuses because it sees nothing, without a rule of its own for being cold", () => {
  const desk = new DeskScript();
  desk.put({ kind: "desk.opened", mode: "demo", name: "d", version: "t", run: "r" });
  desk.trade("100").want("long");
  expect(desk.asked("place")).toHaveLength(0);
});

test("a fill opens a position with its stop and take measured from the average price", () => {
  const desk = DeskScript.ready().want("long").accept().fill("100");
  const [filled] = desk.said("order.filled");
  expect(filled?.position && decimal(filled.position.stop ?? 0n)).toBe("99.6");
  expect(filled?.position && decimal(filled.position.take ?? 0n)).toBe("100.8");
  expect(desk.said("order.closed")[0]?.why).toBe("filled");
});

test("a bid at the stop sells everything held, once a second at most", () => {
  const desk = DeskScript.ready().want("long").accept().fill("100");
  desk.quote("99.60", "99.62").quote("99.59", "99.61");
  const exits = desk.asked("place").filter(({ plan }) => plan.purpose === "stop");
  expect(exits).toHaveLength(1);
  expect(exits[0]?.plan.size).toBe(desk.asked("place")[0]?.plan.size);
});

test("exits run while paused, entries do not", () => {
  const desk = DeskScript.ready().want("long").accept().fill("100");
  desk.ask({ verb: "pause", reason: "" });
  desk.quote("99.00", "99.02");
  expect(desk.asked("place").at(-1)?.plan.purpose).toBe("stop");
  desk.accept().fill("99").wait(6000).quote("99.00", "99.02").want("long");
  const vetoes = desk
    .said("intent.vetoed")
    .at(-1)
    ?.vetoes.map(({ rule }) => rule);
  expect(vetoes).toContain("trading-state");
});

test("all failing rules are reported, not the first", () => {
  const desk = DeskScript.ready();
  desk.quote("99", "101").ask({ verb: "pause", reason: "" }).want("long");
  const vetoes =
    desk
      .said("intent.vetoed")
      .at(-1)
      ?.vetoes.map(({ rule }) => rule) ?? [];
  expect(vetoes).toContain("trading-state");
  expect(vetoes).toContain("spread");
});

test("an old price stops every order", () => {
  const desk = DeskScript.ready().beats(11_000).want("long");
  const vetoes =
    desk
      .said("intent.vetoed")
      .at(-1)
      ?.vetoes.map(({ rule }) => rule) ?? [];
  expect(vetoes).toContain("stale-data");
});

test("the cooldown keeps a second entry out of the same product", () => {
  const desk = DeskScript.ready().want("long").accept().fill("100");
  desk.want("flat").accept().fill("100");
  desk.want("long");
  expect(
    desk
      .said("intent.vetoed")
      .at(-1)
      ?.vetoes.map(({ rule }) => rule),
  ).toEqual(["cooldown"]);
});

test("losing trades in a row trip a breaker once, and it latches until somebody resumes", () => {
  const policy = {
    ...POLICY,
    circuit_breakers: { ...POLICY.circuit_breakers, consecutive_losses: 2 },
  };
  const desk = DeskScript.ready(policy);
  for (let i = 0; i < 2; i += 1) {
    desk.wait(6000).alive().trade("100").quote("99.99", "100.01");
    desk.want("long").accept().fill("100");
    desk.want("flat").accept().fill("99");
  }
  expect(desk.said("breaker.tripped").map(({ trip }) => trip.breaker)).toEqual([
    "consecutive-losses",
  ]);
  desk.wait(6000).alive().trade("100").quote("99.99", "100.01").want("long");
  expect(desk.said("intent.vetoed").at(-1)?.vetoes[0]?.rule).toBe("trading-state");
  desk.ask({ verb: "resume" });
  const code = desk.said("confirmation.opened").at(-1)?.confirmation.code ?? "";
  desk.ask({ verb: "confirm", code });
  expect(desk.said("trading.resumed")[0]?.rearmed).toEqual(["consecutive-losses"]);
  expect(desk.state.desk.trips.size).toBe(0);
});

test("a loss that rests on one bad price does not trip; one that lasts does", () => {
  const policy = {
    ...POLICY,
    portfolio: { ...POLICY.portfolio, max_daily_loss_usd: (1n * 10n ** 18n) as never },
  };
  const desk = DeskScript.ready(policy).want("long").accept().fill("100");
  desk.state.desk.positions.forEach((held, key) => {
    desk.state.desk.positions.set(key, { ...held, stop: null });
  });
  desk.quote("50", "50.02").tick().quote("100", "100.02").tick();
  expect(desk.said("breaker.tripped")).toHaveLength(0);
  desk.quote("50", "50.02").tick().quote("50", "50.02").tick(5000).quote("50", "50.02").tick(5000);
  expect(desk.said("breaker.tripped").map(({ trip }) => trip.breaker)).toEqual(["daily-loss"]);
});

test("silence of a stream that had spoken trips its breaker", () => {
  const desk = DeskScript.ready().tick(15_000);
  expect(desk.said("breaker.tripped").map(({ trip }) => trip.breaker)).toEqual(["feed-silence"]);
});

test("a stream that broke closes the gate until the venue is read anew", () => {
  const desk = DeskScript.ready();
  desk.put({ kind: "feed.broken", stream: "user", cause: "closed" }).want("long");
  expect(
    desk
      .said("intent.vetoed")
      .at(-1)
      ?.vetoes.map(({ rule }) => rule),
  ).toContain("reconciled");
  desk.put({ kind: "feed.alive", stream: "user" });
  expect(desk.asked("list").length).toBeGreaterThan(1);
  desk
    .put({ kind: "venue.listed", listing: listing({ asOf: instant(desk.now) }) })
    .quote("99.99", "100.01")
    .beats(5000)
    .quote("99.99", "100.01")
    .want("long");
  expect(desk.asked("place")).toHaveLength(1);
});

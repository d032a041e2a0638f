import { expect, test } from "vitest";
import { decimal, quote, type Size } from "../../src/core/kernel/money.ts";
import { BTC, DeskScript } from "../kit/desk-script.ts";

const codeOf = (desk: DeskScript): string =>
  desk.said("confirmation.opened").at(-1)?.confirmation.code ?? "";

test("pause acts at once, twice is once, and resume needs a second step by the same person in the same room", () => {
  const desk = DeskScript.ready()
    .ask({ verb: "pause", reason: "lunch" })
    .ask({ verb: "pause", reason: "" });
  expect(desk.said("trading.paused")).toHaveLength(1);
  expect(desk.said("request.answered").at(-1)?.refused).toBe(false);
  desk.ask({ verb: "resume" });
  const code = codeOf(desk);
  expect(code).toMatch(/^[A-Z0-9]{4}$/);
  desk.ask({ verb: "confirm", code }, desk.by("bob"));
  desk.ask({ verb: "confirm", code }, desk.by("ana", "telegram:1"));
  expect(desk.said("trading.resumed")).toHaveLength(0);
  desk.ask({ verb: "confirm", code: code.toLowerCase() });
  expect(desk.said("trading.resumed")).toHaveLength(1);
  desk.ask({ verb: "confirm", code });
  expect(desk.said("trading.resumed")).toHaveLength(1);
});

test("a confirmation expires after 120 s, whether or not anybody looks", () => {
  const desk = DeskScript.ready().ask({ verb: "pause", reason: "" }).ask({ verb: "resume" });
  const code = codeOf(desk);
  desk.wait(120_001).ask({ verb: "confirm", code });
  expect(desk.said("trading.resumed")).toHaveLength(0);
  expect(desk.said("confirmation.closed").at(-1)?.outcome).toBe("expired");
});

test("a confirmation is stale when what its requester saw has moved", () => {
  const desk = DeskScript.ready().ask({
    verb: "limits set",
    key: "portfolio.max_daily_loss_usd",
    value: "200",
  });
  const code = codeOf(desk);
  desk.ask(
    { verb: "limits set", key: "portfolio.max_daily_loss_usd", value: "100" },
    desk.by("bob"),
  );
  desk.ask({ verb: "confirm", code });
  expect(desk.said("confirmation.closed").at(-1)?.outcome).toBe("stale");
  expect(desk.state.desk.policy?.portfolio.max_daily_loss_usd).toBe(quote("100"));
});

test("a fill does not make a cap raise stale", () => {
  const desk = DeskScript.ready().want("long");
  desk.ask({ verb: "limits set", key: "portfolio.max_daily_loss_usd", value: "+10%" });
  desk.accept().fill("100");
  desk.ask({ verb: "confirm", code: codeOf(desk) });
  expect(desk.state.desk.policy?.portfolio.max_daily_loss_usd).toBe(quote("165"));
});

test("lowering acts at once; which way risk lies is declared per key", () => {
  const desk = DeskScript.ready();
  desk.ask({ verb: "limits set", key: "per_symbol.BTC-USD.cooldown_seconds", value: "0" });
  expect(desk.said("limit.changed")).toHaveLength(0);
  expect(desk.said("confirmation.opened")).toHaveLength(1);
  desk.ask({ verb: "limits set", key: "per_symbol.BTC-USD.cooldown_seconds", value: "60" });
  expect(desk.said("limit.changed").at(-1)).toMatchObject({ to: "60", raise: false });
  desk.ask({ verb: "deny", code: codeOf(desk) });
  desk.ask({ verb: "limits set", key: "portfolio.max_daily_loss_usd", value: "none" });
  expect(desk.said("confirmation.opened")).toHaveLength(2);
});

test("nonsense is answered in words and changes nothing", () => {
  const desk = DeskScript.ready();
  desk.ask({ verb: "limits set", key: "portfolio.max_daily_loss_usd", value: "lots" });
  desk.ask({ verb: "limits set", key: "daily_loss", value: "5" });
  desk.ask({ verb: "cancel", order: "nope" });
  desk.ask({ verb: "confirm", code: "ZZZZ" });
  desk.ask({ verb: "deny", code: "ZZZZ" });
  desk.ask({ verb: "flatten", product: null });
  const answers = desk.said("request.answered");
  expect(answers).toHaveLength(6);
  expect(answers[1]?.why).toContain("portfolio.max_daily_loss_usd");
});

test("the same message obeyed once is never obeyed again", () => {
  const desk = DeskScript.ready();
  const by = desk.by();
  desk.ask({ verb: "limits set", key: "portfolio.max_orders_per_minute", value: "-50%" }, by);
  desk.ask({ verb: "limits set", key: "portfolio.max_orders_per_minute", value: "-50%" }, by);
  expect(desk.state.desk.policy?.portfolio.max_orders_per_minute).toBe(6);
});

test("kill voids what waits, cancels what is open, and says what is still held", () => {
  const desk = DeskScript.ready().want("long").accept().fill("100");
  desk.ask({ verb: "limits set", key: "portfolio.max_daily_loss_usd", value: "200" });
  desk.wait(6000).quote("99.9", "99.92").want("flat").accept();
  desk.ask({ verb: "kill", reason: "drill" });
  expect(desk.said("confirmation.closed").at(-1)?.outcome).toBe("voided");
  expect(desk.asked("cancel").at(-1)?.orders).toHaveLength(1);
  expect(desk.said("kill.finished")).toHaveLength(0);
  desk.put({
    kind: "order.observed",
    observation: {
      order: desk.lastPlan().id,
      venueId: `v-${desk.lastPlan().id}` as never,
      progress: "cancelled",
      executed: { size: 0n as never, value: 0n as never, fees: 0n as never },
      detail: "",
      source: "stream",
    },
  });
  expect(desk.said("kill.finished"), "memory is not proof").toHaveLength(0);
  desk.listed();
  expect(desk.said("kill.finished")[0]?.holdings).toHaveLength(1);
  desk.wait(1000).quote("90", "90.02");
  expect(desk.said("order.planned").filter(({ plan }) => plan.purpose === "stop")).toHaveLength(0);
});

test("a sale is proposed with about how many dollars it is", () => {
  const desk = DeskScript.ready().want("long").accept().fill("100");
  desk.ask({ verb: "flatten", product: null });
  const size = desk.state.desk.positions.get(BTC)?.size ?? 0n;
  expect(desk.said("confirmation.opened").at(-1)?.detail[0]).toBe(
    `At the market, within the price collar: ${decimal(size as Size)} BTC (about $99.98).`,
  );
});

test("flatten works while killed, after one confirmation, and rearm lands paused", () => {
  const desk = DeskScript.ready().want("long").accept().fill("100");
  desk.ask({ verb: "kill", reason: "" }).ask({ verb: "flatten", product: null });
  desk.ask({ verb: "confirm", code: codeOf(desk) });
  expect(desk.lastPlan().purpose).toBe("flatten");
  desk.accept().fill("99.9");
  expect(desk.state.desk.positions.size).toBe(0);
  desk.ask({ verb: "resume" });
  expect(desk.said("request.answered").at(-1)?.why).toContain("/rearm");
  desk.ask({ verb: "rearm" }).ask({ verb: "confirm", code: codeOf(desk) });
  expect(desk.state.desk.killed).toBeNull();
  expect(desk.state.desk.paused?.reason).toContain("lands paused");
});

test("resume is refused, with the distance, while a breaker's condition still holds", () => {
  const desk = DeskScript.ready().tick(16_000);
  desk.ask({ verb: "resume" });
  const answer = desk.said("request.answered").at(-1);
  expect(answer?.refused).toBe(true);
  expect(answer?.why).toContain("feed-silence");
});

test("a latch that fell just before a crash falls again, unless the journal has it", () => {
  const desk = DeskScript.ready();
  const by = desk.by();
  const latched = { at: desk.now as never, by, reason: "drill" };
  desk.put({ kind: "desk.recalled", latches: [{ latch: "killed", latched }] });
  desk.put({ kind: "desk.recalled", latches: [{ latch: "killed", latched }] });
  expect(desk.said("trading.killed")).toHaveLength(1);
});

test("the stricter of file and journal wins at start, key by key, and it is said", () => {
  const desk = DeskScript.ready();
  desk.ask({ verb: "limits set", key: "portfolio.max_daily_loss_usd", value: "50" });
  desk.put({ kind: "desk.opened", mode: "demo", name: "desk", version: "t", run: "r2" });
  expect(desk.said("policy.adopted").at(-1)?.kept).toEqual(["portfolio.max_daily_loss_usd"]);
  expect(desk.state.desk.policy?.portfolio.max_daily_loss_usd).toBe(quote("50"));
});

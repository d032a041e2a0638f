/** What the venue would make of an entry is asked before it leaves; that may keep it back and never lets one through. */
import { expect, test } from "vitest";
import { decodeEvent, encodeEvent } from "../../src/core/engine/codec.ts";
import { price, quote } from "../../src/core/kernel/money.ts";
import { DeskScript, POLICY } from "../kit/desk-script.ts";

const wanting = (): DeskScript => DeskScript.ready(POLICY, { preview: true }).want("long");

const told = {
  total: quote("100.6"),
  fee: quote("0.6"),
  averagePrice: price("100.01"),
  refusals: [],
  warnings: [],
  failure: null,
};

test("an entry whose preview is wanted leaves when the venue has nothing against it, or nothing to say", () => {
  for (const failure of [null, "no answer within 2000 ms"]) {
    const desk = wanting();
    const [{ plan } = { plan: null }] = desk.asked("preview");
    if (!plan) throw new Error("a preview was asked for");
    expect(desk.asked("place")).toEqual([]);
    desk.put({ kind: "order.previewed", order: plan.id, preview: { ...told, failure } });
    expect(desk.said("order.previewed")).toMatchObject([{ order: plan.id, failure }]);
    expect(desk.asked("place")).toMatchObject([{ plan: { id: plan.id }, attempt: 1 }]);
    expect(decodeEvent(encodeEvent(desk.said("order.previewed")[0] as never))).toMatchObject({
      total: told.total,
    });
  }
});

test("an entry that the venue says it would refuse never leaves, and its reservation is free", () => {
  const desk = wanting();
  const [asked] = desk.asked("preview");
  const refused = { ...told, refusals: ["PREVIEW_INSUFFICIENT_FUND"] };
  desk.put({ kind: "order.previewed", order: asked?.plan.id as never, preview: refused });
  expect(desk.said("order.released")).toMatchObject([
    { why: "the venue's preview refuses it: PREVIEW_INSUFFICIENT_FUND" },
  ]);
  expect([desk.asked("place").length, desk.state.desk.orders.size]).toEqual([0, 0]);
  expect(desk.said("trading.halted")).toEqual([]);
});

test("an exit is asked about by nobody", () => {
  const desk = wanting();
  const plan = desk.asked("preview")[0]?.plan;
  desk.put({ kind: "order.previewed", order: plan?.id as never, preview: told });
  desk.accept().fill("100").quote("99.50", "99.52");
  expect(desk.lastPlan().purpose).toBe("stop");
  expect(desk.asked("preview")).toHaveLength(1);
});

test("a preview that comes when the order is already searched for sends nothing", () => {
  const desk = wanting();
  const plan = desk.asked("preview")[0]?.plan;
  desk.put({ kind: "desk.opened", mode: "demo", name: "desk", version: "test", run: "r2" });
  expect(desk.said("order.unknown")).toHaveLength(1);
  desk.put({ kind: "order.previewed", order: plan?.id as never, preview: told });
  expect(desk.asked("place")).toEqual([]);
});

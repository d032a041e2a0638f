/** Between the moment an order is let go and its first byte on the wire somebody may say no: that still counts. */
import { expect, test } from "vitest";
import type { InputBody } from "../../src/core/engine/input.ts";
import { heldBack } from "../../src/core/engine/leave.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { Plan } from "../../src/core/order/state.ts";
import type { Venue } from "../../src/ports/venue.ts";
import { createDispatch } from "../../src/run/dispatch.ts";
import { DeskScript } from "../kit/desk-script.ts";
import { manualTime } from "../kit/manual-time.ts";
import { quietLog } from "../kit/quiet-log.ts";

const none = (): never => {
  throw new Error("not asked here");
};

/** The order that a desk decided on, let go; before its first byte something happens. @returns why it did not leave, or null */
async function overtakenOnItsWay(
  what: (desk: DeskScript) => void,
  as: Partial<Plan> = {},
): Promise<string | null> {
  const desk = DeskScript.ready().want("long");
  const plan = { ...desk.lastPlan(), ...as };
  const order = desk.state.desk.orders.get(plan.id);
  if (order) desk.state.desk.orders.set(plan.id, { ...order, plan });
  let why: string | null = null;
  const place: Venue["place"] = async (_, held) => {
    await new Promise<void>((connected) => setImmediate(connected));
    why = held?.() ?? null;
    return { kind: "rejected", reason: "not-sent", message: why ?? "" };
  };
  const sight = (of: Plan): string | null => heldBack(desk.state, of, instant(desk.now));
  const heard: InputBody[] = [];
  const time = manualTime(instant(desk.now));
  const calls = { cancel: none, find: none, list: none, prove: none, trades: none };
  const dispatch = createDispatch(
    { venue: { ...calls, place }, feed: { history: async () => [] }, ...time, log: quietLog() },
    (body) => heard.push(body),
    instant(desk.now),
    sight,
  );
  dispatch.release({ kind: "place", plan, attempt: 1 });
  what(desk);
  await time.settle();
  await new Promise<void>((done) => setTimeout(done, 5));
  expect(heard).toHaveLength(2);
  return why;
}

test("what a person says between the decision and the first byte on the wire still counts", async () => {
  const pause = (desk: DeskScript) => void desk.ask({ verb: "pause", reason: "" });
  const kill = (desk: DeskScript) => void desk.ask({ verb: "kill", reason: "" });
  const halt = ({ state, now }: DeskScript): void => {
    state.desk.halted = { at: instant(now), by: null, reason: "" };
  };
  const exits = { purpose: "stop", side: "sell" } as const;
  const flatten = { purpose: "flatten", side: "sell" } as const;
  expect(await overtakenOnItsWay(() => undefined)).toBeNull();
  expect(await overtakenOnItsWay(pause)).not.toBeNull();
  expect(await overtakenOnItsWay(kill)).not.toBeNull();
  expect(await overtakenOnItsWay(halt)).toBe("the desk is halted");
  expect(await overtakenOnItsWay(pause, exits)).toBeNull();
  expect(await overtakenOnItsWay(kill, exits)).not.toBeNull();
  expect(await overtakenOnItsWay(halt, exits)).toBe("the desk is halted");
  expect(await overtakenOnItsWay(pause, flatten)).toBeNull();
  expect(await overtakenOnItsWay(halt, flatten)).toBeNull();
});

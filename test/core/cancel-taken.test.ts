/** A cancel is only asked for: that the venue has taken it on ends nothing, the venue's word on the order does. */
import { expect, test } from "vitest";
import { DeskScript } from "../kit/desk-script.ts";

test("an order whose cancel was taken on is open until the venue says it is gone, and may still fill", () => {
  const script = DeskScript.ready().want("long").accept();
  const plan = script.lastPlan();
  script.ask({ verb: "kill", reason: "enough" });
  expect(script.asked("cancel")).toHaveLength(1);
  script.put({ kind: "cancel.answered", order: plan.id, taken: true, cause: "" });
  expect([...script.state.desk.orders.keys()]).toEqual([plan.id]);
  expect([script.said("order.closed"), script.said("kill.finished")]).toEqual([[], []]);
  script.fill("100.05", plan);
  expect(script.said("order.filled")).toHaveLength(1);
  expect(script.said("order.closed")).toMatchObject([{ why: "filled" }]);
  expect(script.state.desk.positions.size).toBe(1);
});

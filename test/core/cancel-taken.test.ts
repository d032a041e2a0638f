/** A cancel is only asked for: that the venue has taken it on ends nothing, the venue's word on the order does. */
import { expect, test } from "vitest";
import { orderId, venueOrderId } from "../../src/core/kernel/ids.ts";
import { NO_QUOTE, NO_SIZE } from "../../src/core/kernel/money.ts";
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

test("fifty orders that a killed desk finds at the venue are cancelled in one call", () => {
  const desk = DeskScript.ready();
  desk.ask({ verb: "kill", reason: "" });
  const before = desk.asked("cancel").length;
  const orders = Array.from({ length: 50 }, (_, i) => ({
    order: orderId(`testdesk-${String(i).padStart(36, "0")}`),
    venueId: venueOrderId(`v-${i}`),
    progress: "open" as const,
    executed: { size: NO_SIZE, value: NO_QUOTE, fees: NO_QUOTE },
    detail: "",
    source: "listing" as const,
  }));
  desk.wait(1000).listed({ orders });
  const asked = desk.asked("cancel").slice(before);
  expect(asked.map((one) => one.orders.length)).toEqual([50]);
});

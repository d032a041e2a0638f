/** The table of states against thousands of random lives: nothing happens that it does not have, and it has nothing that never happens. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { newDesk } from "../../src/core/engine/desk.ts";
import type { EventBody } from "../../src/core/engine/event.ts";
import { evolve } from "../../src/core/engine/evolve.ts";
import { seeded } from "../../src/core/kernel/random.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { brokenLaw, displayState, LIFE, LIFE_STATES } from "../../src/core/order/lifecycle.ts";
import { liveOnce } from "../kit/order-lives.ts";
import { ordersDoc } from "../kit/orders-doc.ts";

const LIVES = 2500;

/** Every change of word in what was written down. */
function changes(events: readonly EventBody[]): readonly string[] {
  const desk = newDesk();
  const wordOf = (body: EventBody): string | null => {
    const id = body.kind === "order.planned" ? body.plan.id : "order" in body ? body.order : null;
    const order = id && (desk.orders.get(id) ?? desk.closed.get(id));
    return order ? displayState(order) : null;
  };
  return events.flatMap((body, nth) => {
    const before = wordOf(body);
    evolve(desk, { seq: nth + 1, at: instant(nth), body });
    const after = wordOf(body);
    return before === null || after === null || before === after ? [] : [`${before} → ${after}`];
  });
}

test("no life of an order takes a step that the table does not have, and each of its steps is taken by some", () => {
  const taken = new Set<string>();
  for (let nth = 0; nth < LIVES; nth += 1) {
    const events = liveOnce(seeded(`life-${nth}`));
    for (const change of changes(events)) taken.add(change);
  }
  const table = LIFE_STATES.flatMap((from) => LIFE[from].next.map((to) => `${from} → ${to}`));
  expect([...taken].filter((change) => !table.includes(change))).toEqual([]);
  expect(table.filter((change) => !taken.has(change))).toEqual([]);
});

test("a change of word that the table does not have is a broken law, and staying is none", () => {
  expect(brokenLaw("filled", "open")).toBe("filled became open");
  expect(brokenLaw(null, "open")).toBe("an order begins open");
  expect(brokenLaw("open", "open")).toBeNull();
});

test("the documentation of orders is made from the table and fresh", () => {
  const written = readFileSync(new URL("../../docs/orders.md", import.meta.url), "utf8");
  expect(written, "run `npm run docs:orders`").toBe(ordersDoc());
});

/** Database and platform fail together, in any order. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Event } from "../../src/core/engine/event.ts";
import type { Delivery } from "../../src/ports/deliveries.ts";
import type { Found, Sent } from "../../src/ports/messenger.ts";
import { courierScene } from "../kit/courier-scene.ts";
import type { Fault } from "../kit/memory-deliveries.ts";
import { CONSOLE, NOW, numbered } from "../kit/sample-desk.ts";

const ONE = [{ id: CONSOLE, owner: null, hears: ["incidents"] }] as const;
const FATES = ["fine", "fine", "answer lost", "request lost", "refused", "429"] as const;
const FAULTS = ["none", "throws", "hangs", "loses-answer"] as const satisfies readonly Fault[];

/** One that knows each message by its name, as long as it is asked. */
function platform(fates: readonly (typeof FATES)[number][]) {
  const left = [...fates];
  const shown: { readonly text: string; readonly dedupe: string }[] = [];
  const find = ({ dedupe }: Delivery): Found => {
    const index = shown.findIndex((one) => one.dedupe === dedupe);
    return index < 0 ? { kind: "absent" } : { kind: "shown", messageId: `m${index}` };
  };
  const answer = ({ card, dedupe }: Delivery): Sent => {
    const fate = left.shift() ?? "fine";
    if (fate === "refused") return { kind: "not-sent", why: "ECONNREFUSED", afterMs: 0 };
    if (fate === "429") return { kind: "not-sent", why: "429", afterMs: 3000 };
    if (fate !== "request lost") shown.push({ text: card.headline, dedupe });
    const id = `m${shown.length - 1}`;
    return fate === "fine"
      ? { kind: "sent", messageId: id }
      : { kind: "ambiguous", why: "timeout" };
  };
  return { shown, find, answer };
}

test("whatever fails and however long, every alarm is said, and never twice without saying so", async () => {
  const plan = fc.record({
    fates: fc.array(fc.constantFrom(...FATES), { maxLength: 12 }),
    steps: fc.array(
      fc.record({
        ms: fc.integer({ min: 0, max: 9000 }),
        fault: fc.constantFrom(...FAULTS),
        calls: fc.subarray(["add", "due", "attempted", "delivered", "failed", "cursor"]),
        happens: fc.boolean(),
      }),
      { minLength: 1, maxLength: 8 },
    ),
  });
  await fc.assert(
    fc.asyncProperty(plan, async ({ fates, steps }) => {
      const place = platform(fates);
      const scene = courierScene([], { rooms: ONE, find: place.find });
      scene.mouth.answer = place.answer;
      const courier = scene.open();
      courier.start();
      const events: Event[] = [];
      for (const { ms, fault, calls, happens } of steps) {
        scene.deliveries.fault = (call) => (calls.includes(call) ? fault : "none");
        if (happens) {
          const reason = `r${events.length}`;
          const latch = { at: NOW, by: null, reason };
          const [event] = numbered([{ kind: "trading.halted", latch }], events.length + 1);
          if (event) events.push(event);
          courier.hear(events.slice(-1));
          scene.journal.events.push(...events.slice(-1));
          courier.nudge();
        }
        await scene.time.pass(ms);
      }
      scene.deliveries.fault = () => "none";
      await scene.time.pass(300_000);
      await courier[Symbol.asyncDispose]();
      for (const [n] of events.entries()) {
        const said = place.shown.filter(({ text }) => text.startsWith(`HALTED: r${n}`));
        const plain = said.filter(({ text }) => !text.includes("possibly repeated"));
        expect(said.length).toBeGreaterThanOrEqual(1);
        expect(plain.length).toBeLessThanOrEqual(1);
      }
      expect(scene.deliveries.rows.filter(({ state }) => state === "waiting")).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

/** What every way of failing to send means: certainly not shown, perhaps shown, refused for good, or mended on the way. */
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import type { Button } from "../../../src/chat/card.ts";
import { confirmationId } from "../../../src/core/kernel/ids.ts";
import { instant } from "../../../src/core/kernel/time.ts";
import type { Delivery } from "../../../src/ports/deliveries.ts";
import { manualTime } from "../../kit/manual-time.ts";
import type { TelegramFault } from "../../kit/telegram-fake.ts";
import { calls, card, openAt, passUntil, rig, row, TOPIC_5, until } from "./rig.ts";

const HEAD = "LIVE nyc1";
const CONFIRM: Button = {
  ...{ label: "Confirm K7QF", line: "/confirm K7QF", danger: false },
  answers: { confirmation: confirmationId("conf-1"), verb: "confirm" },
};

async function sent(of: Partial<Delivery> & Pick<Delivery, "card">, faults: TelegramFault[] = []) {
  const scene = await rig();
  for (const fault of faults) scene.fake.fault("*", fault);
  return { ...scene, outcome: await scene.telegram.messenger.send(row(of), HEAD) };
}

describe("what a failure means", () => {
  const text = card("x", { buttons: [CONFIRM] });

  test.each([
    ["told to wait", { kind: "429", retryAfter: 3 }, { kind: "not-sent", afterMs: 3000 }],
    ["an error of the server", { kind: "500" }, { kind: "ambiguous" }],
    ["the page of a gateway", { kind: "502-html" }, { kind: "ambiguous" }],
    ["something that is not JSON", { kind: "garbage" }, { kind: "ambiguous" }],
    ["a reset before it was done", { kind: "drop-before" }, { kind: "ambiguous" }],
    ["a reset after it was done", { kind: "drop-after" }, { kind: "ambiguous" }],
    ["a refusal to be spoken to", { kind: "403" }, { kind: "refused" }],
    ["a fault of ours", { kind: "400", description: "message is too long" }, { kind: "refused" }],
    ["no such chat", { kind: "400", description: "chat not found" }, { kind: "refused" }],
  ] as const)("%s", async (_, fault, told) => {
    const { fake, outcome } = await sent({ card: text }, [fault]);
    expect(outcome).toMatchObject(told);
    expect(calls(fake, "sendMessage")).toBe(1);
  });

  test("nobody at the other end: certainly not sent, again in a second", async () => {
    const { fake, telegram } = await rig();
    await fake.down(true);
    const outcome = await telegram.messenger.send(row({ card: text }), HEAD);
    expect(outcome).toMatchObject({ kind: "not-sent", afterMs: 1000 });
  });

  test("a revoked token: certainly not sent, again in half a minute, and no cure in waiting", async () => {
    const { fake, telegram, pulse } = await rig();
    fake.revoke(true);
    const outcome = await telegram.messenger.send(row({ card: text }), HEAD);
    expect(outcome).toMatchObject({ kind: "not-sent", afterMs: 1_000 });
    expect(pulse).toEqual(["!the bot token is refused"]);
  });

  test("silence for ten seconds: perhaps shown", async () => {
    const time = manualTime(instant(1_700_000_000_000));
    const { fake, telegram } = await rig({ time });
    for (const fault of ["hang", "hang-after"] as const) {
      fake.fault("sendMessage", { kind: fault });
      let told = "";
      const from = time.clock.now();
      void telegram.messenger.send(row({ card: text }), HEAD).then(({ kind }) => {
        told = kind;
      });
      await passUntil(time, 1000, () => told !== "");
      expect(told).toBe("ambiguous");
      expect(time.clock.now() - from).toBeLessThanOrEqual(11_000);
    }
    expect(fake.said(4242)).toHaveLength(1);
  });

  test("markup that cannot be read: once more as plain text in the same call, with its buttons", async () => {
    const fault = { kind: "400", description: "can't parse entities: unclosed tag" } as const;
    const { fake, outcome } = await sent({ card: card("a<b", { buttons: [CONFIRM] }) }, [fault]);
    expect(outcome.kind).toBe("sent");
    expect(fake.said(4242)).toMatchObject([
      { text: "LIVE nyc1 · a<b #F7A3", entities: [], buttons: [[{ label: "Confirm K7QF" }]] },
    ]);
  });

  test("markup and plain text that cannot be read: refused, after two calls", async () => {
    const fault = { kind: "400", description: "can't parse entities: unclosed tag" } as const;
    const { fake, outcome } = await sent({ card: text }, [fault, fault, fault]);
    expect(outcome.kind).toBe("refused");
    expect(calls(fake, "sendMessage")).toBe(2);
  });

  test("buttons that are refused: once more without them", async () => {
    const fault = { kind: "400", description: "BUTTON_DATA_INVALID" } as const;
    const { fake, outcome } = await sent({ card: text }, [fault]);
    expect(outcome.kind).toBe("sent");
    expect(fake.said(4242)).toMatchObject([{ buttons: [] }]);
  });

  test("a topic that is gone: once more into the group itself", async () => {
    const { fake, telegram } = await rig();
    fake.closeTopic(-1001234567890, 5);
    const outcome = await telegram.messenger.send(row({ room: TOPIC_5, card: text }), HEAD);
    expect(outcome.kind).toBe("sent");
    expect(fake.said(-1001234567890)).toMatchObject([{ topic: null }]);
    expect(calls(fake, "sendMessage")).toBe(2);
  });
});

test("a failure says whether Telegram is there at all", async () => {
  const { fake, telegram, pulse } = await rig();
  const say = () => telegram.messenger.send(row({ card: card("x") }), HEAD);
  await say();
  fake.fault("sendMessage", { kind: "403" });
  await say();
  fake.fault("sendMessage", { kind: "500" });
  await say();
  expect(pulse.splice(0)).toEqual(["alive", "alive", "Telegram answered 500"]);
  await fake.down(true);
  // The first may still find the connection that is just being closed.
  await say();
  await say();
  expect(pulse.at(-1)).toBe("Telegram cannot be reached (ECONNREFUSED)");
});

test("the token is in nothing that is logged, noted or answered, however a call fails", async () => {
  const scene = await rig();
  const { fake, telegram } = scene;
  const told: unknown[] = [];
  const faults = ["500", "502-html", "garbage", "drop-before", "drop-after", "403", "409"] as const;
  for (const kind of faults) {
    fake.fault("*", { kind });
    told.push(await telegram.messenger.send(row({ card: card("x") }), HEAD));
  }
  fake.fault("*", { kind: "400", description: `no https://x/bot${fake.token}/sendMessage` });
  told.push(await telegram.messenger.send(row({ card: card("x") }), HEAD));
  telegram.ears.start(scene.ear);
  await until(() => calls(fake, "getUpdates") > 0);
  await fake.down(true);
  told.push(await telegram.messenger.send(row({ card: card("x") }), HEAD));
  const nowhere = openAt("http://127.0.0.1:9", fake.token);
  told.push(await nowhere.telegram.messenger.send(row({ card: card("x") }), HEAD));
  const { notices, pulse, log } = scene;
  const all = inspect([told, notices, pulse, log, nowhere], { depth: 9, showHidden: true });
  expect(all).toContain("[secret]");
  expect(all).not.toContain(fake.token.slice(11));
});

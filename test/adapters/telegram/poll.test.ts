/** Telegram's ears, polling: nothing is lost, nothing is forgotten before it is taken, and no trouble lasts for ever. */
import { describe, expect, test } from "vitest";
import { instant } from "../../../src/core/kernel/time.ts";
import { manualTime } from "../../kit/manual-time.ts";
import type { TelegramFault } from "../../kit/telegram-fake.ts";
import {
  ANA,
  ANAS,
  ANAS_ROOM,
  BASIC,
  BASIC_ROOM,
  calls,
  passUntil,
  type Rig,
  rig,
  SUPER,
  TOPIC_5,
  until,
} from "./rig.ts";

const START = instant(1_700_000_000_000);
const polls = ({ fake }: Rig): number => calls(fake, "getUpdates");

const lastOffset = ({ fake }: Rig): unknown =>
  fake.frames.filter(({ method }) => method === "getUpdates").at(-1)?.payload["offset"];

async function listening(options: Parameters<typeof rig>[0] = {}): Promise<Rig> {
  const scene = await rig(options);
  scene.telegram.ears.start(scene.ear);
  await until(() => polls(scene) > 0);
  return scene;
}

describe("what people say", () => {
  test("arrives in order, from the right room, with what was waiting before the start", async () => {
    const scene = await rig();
    scene.fake.says(ANA, ANAS, "/pause");
    scene.fake.says(ANA, SUPER, "/status", { message_thread_id: 5 });
    scene.telegram.ears.start(scene.ear);
    await until(() => scene.ear.arrivals.length === 2);
    scene.fake.says(ANA, BASIC, "/kill");
    await until(() => scene.ear.arrivals.length === 3);
    expect(scene.ear.arrivals.map(({ room, text }) => [room, text])).toEqual([
      [ANAS_ROOM, "/pause"],
      [TOPIC_5, "/status"],
      [BASIC_ROOM, "/kill"],
    ]);
    expect(scene.telegram.username()).toBe(scene.fake.bot.username);
    expect(scene.fake.violations).toEqual([]);
  });

  test("is asked for without edits and channel posts, which are counted when they come all the same", async () => {
    const scene = await listening();
    const asked = scene.fake.frames.find(({ method }) => method === "getUpdates");
    expect(asked?.payload["allowed_updates"]).toEqual([
      "message",
      "callback_query",
      "my_chat_member",
    ]);
    scene.fake.push({ edited_message: { message_id: 5 } });
    scene.fake.push({ channel_post: { message_id: 5 } });
    await until(() => scene.ear.origins.length === 2);
    expect(scene.ear.origins).toEqual(["telegram edited", "telegram channel-post"]);
  });

  test("comes again under its old number, and is handed on: whoever hears knows it", async () => {
    const scene = await listening();
    const id = scene.fake.says(ANA, ANAS, "/kill");
    await until(() => scene.ear.arrivals.length === 1);
    scene.fake.replay(id);
    await until(() => scene.ear.arrivals.length === 2);
    expect(new Set(scene.ear.arrivals.map((one) => one.id)).size).toBe(1);
  });
});

describe("an update", () => {
  test("is not confirmed before it is taken, nor are those that came with it", async () => {
    const scene = await rig();
    scene.ear.takes = false;
    scene.fake.says(ANA, ANAS, "/one");
    const last = scene.fake.says(ANA, ANAS, "/two");
    scene.telegram.ears.start(scene.ear);
    await until(() => scene.ear.arrivals.length === 2);
    scene.ear.echoes[0]?.taken();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(polls(scene)).toBe(1);
    expect(scene.fake.updates.confirmed).toBe(0);
    scene.ear.echoes[1]?.taken();
    await until(() => scene.fake.updates.confirmed === 2);
    expect(lastOffset(scene)).toBe(last + 1);
  });

  test("that nobody takes holds up the next for three seconds and no longer", async () => {
    const time = manualTime(START);
    const scene = await rig({ time });
    scene.ear.takes = false;
    scene.fake.says(ANA, ANAS, "/one");
    scene.telegram.ears.start(scene.ear);
    await until(() => scene.ear.arrivals.length === 1);
    await time.pass(2_900);
    expect(polls(scene)).toBe(1);
    await time.pass(200);
    await until(() => scene.fake.updates.confirmed === 1);
  });

  test("that breaks whoever hears it holds up none after it", async () => {
    const scene = await rig();
    const { ear: heard } = scene;
    const breaking = {
      turnedAway: heard.turnedAway,
      receive(...[arrival, echo]: Parameters<typeof heard.receive>) {
        if (arrival.text === "/break") throw new Error("broken");
        heard.receive(arrival, echo);
      },
    };
    scene.fake.says(ANA, ANAS, "/break");
    scene.fake.says(ANA, ANAS, "/kill");
    scene.telegram.ears.start(breaking);
    await until(() => scene.fake.updates.confirmed === 2);
    expect(heard.arrivals.map(({ text }) => text)).toEqual(["/kill"]);
    expect(scene.log.sentences).toContain("a message could not be handed on");
  });

  test("is confirmed when nobody needs to take it", async () => {
    const scene = await rig();
    scene.fake.push({ message: "nonsense" });
    scene.fake.push({ poll: {} });
    scene.telegram.ears.start(scene.ear);
    await until(() => scene.fake.updates.confirmed === 2);
    expect(scene.ear.origins).toEqual(["telegram malformed"]);
  });
});

describe("stopping", () => {
  test("in the middle of a poll is over at once, and no poll follows", async () => {
    const scene = await listening();
    // A poll takes half a minute, and so would this test.
    await scene.telegram.ears.stop();
    scene.fake.says(ANA, ANAS, "/kill");
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect([polls(scene), scene.ear.arrivals.length]).toEqual([1, 0]);
    expect(scene.pulse.filter((beat) => beat !== "alive")).toEqual([]);
  });

  test("confirms nothing: what was not taken, and even what was, comes again to the next desk", async () => {
    const scene = await rig();
    scene.ear.takes = false;
    scene.fake.says(ANA, ANAS, "/one");
    scene.telegram.ears.start(scene.ear);
    await until(() => scene.ear.arrivals.length === 1);
    await scene.telegram.ears.stop();
    expect(scene.fake.updates).toMatchObject({ confirmed: 0, waiting: 1 });
    const next = scene.again();
    scene.ear.takes = true;
    next.ears.start(scene.ear);
    await until(() => scene.ear.arrivals.length === 2);
  });

  test("while Telegram cannot be reached, or before the start, is over at once", async () => {
    const scene = await rig();
    await scene.fake.down(true);
    scene.telegram.ears.start(scene.ear);
    await until(() => scene.pulse.length > 0);
    await scene.telegram.ears.stop();
    await scene.again().ears.stop();
  });
});

describe("trouble", () => {
  test.each([
    ["errors of the server", { kind: "500" }],
    ["pages of a gateway", { kind: "502-html" }],
    ["garbage", { kind: "garbage" }],
    ["resets", { kind: "drop-before" }],
    ["lost answers", { kind: "drop-after" }],
  ] as const)("by %s is waited out, longer each time, and nothing is lost", async (_, fault) => {
    const time = manualTime(START);
    const scene = await rig({ time });
    scene.fake.fault("getUpdates", fault, 6);
    scene.fake.says(ANA, ANAS, "/kill");
    scene.telegram.ears.start(scene.ear);
    await passUntil(time, 500, () => scene.ear.arrivals.length === 1);
    const waited = time.clock.now() - START;
    expect(waited).toBeGreaterThanOrEqual((1 + 2 + 4 + 8 + 16 + 30) * 1_000);
    expect(polls(scene)).toBeLessThanOrEqual(8);
    expect(scene.pulse.some((beat) => beat !== "alive")).toBe(true);
  });

  test("at the first word is waited out too", async () => {
    const time = manualTime(START);
    const scene = await rig({ time });
    scene.fake.fault("getMe", { kind: "500" }, 2);
    scene.fake.fault("getWebhookInfo", { kind: "drop-before" });
    scene.telegram.ears.start(scene.ear);
    scene.fake.says(ANA, ANAS, "/kill");
    await passUntil(time, 500, () => scene.ear.arrivals.length === 1);
    expect(scene.telegram.username()).toBe("desk_under_test_bot");
  });

  test("of being too fast is waited out for as long as Telegram says", async () => {
    const time = manualTime(START);
    const scene = await rig({ time });
    scene.fake.fault("getUpdates", { kind: "429", retryAfter: 17 });
    scene.fake.says(ANA, ANAS, "/kill");
    scene.telegram.ears.start(scene.ear);
    await passUntil(time, 500, () => scene.ear.arrivals.length === 1);
    expect(time.clock.now() - START).toBeGreaterThanOrEqual(17_000);
  });

  test("with the token is told as lasting, and tried again every half minute", async () => {
    const time = manualTime(START);
    const scene = await rig({ time });
    scene.fake.revoke(true);
    scene.telegram.ears.start(scene.ear);
    await passUntil(time, 1_000, () => calls(scene.fake, "getMe") === 4);
    expect(time.clock.now() - START).toBeGreaterThanOrEqual(90_000);
    expect(new Set(scene.pulse)).toEqual(new Set(["!the bot token is refused"]));
    scene.fake.revoke(false);
    scene.fake.says(ANA, ANAS, "/kill");
    await passUntil(time, 1_000, () => scene.ear.arrivals.length === 1);
    expect(scene.pulse.at(-1)).toBe("alive");
  });

  test("with the token while polling ends when it works again", async () => {
    const time = manualTime(START);
    const scene = await listening({ time });
    scene.fake.revoke(true);
    await until(() => scene.pulse.at(-1) === "!the bot token is refused");
    scene.fake.revoke(false);
    scene.fake.says(ANA, ANAS, "/kill");
    await passUntil(time, 1_000, () => scene.ear.arrivals.length === 1);
  });

  test("of a server that answers nothing at once does not make a busy loop", async () => {
    const time = manualTime(START);
    const scene = await rig({ time });
    const hasty: TelegramFault = { kind: "400", description: "x" };
    scene.fake.fault("getUpdates", hasty, Number.POSITIVE_INFINITY);
    scene.telegram.ears.start(scene.ear);
    await until(() => polls(scene) === 1);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(polls(scene)).toBe(1);
  });
});

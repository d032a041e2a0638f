/** Whoever is not ours, and whatever is not a fresh message of ours, has no effect: counted in the journal and at the exchange. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hostileOnSlack, hostileOnTelegram } from "../kit/chat-hostile.ts";
import { type ChatRoom, slackRoom, telegramRoom } from "../kit/chat-room.ts";
import { ANA, BO, CHANNEL, type ChatScene, chatScene, EVE, GROUP, VIC } from "../kit/chat-scene.ts";
import { childDesk, type DeskProcess, isRunning, until } from "../kit/desk-process.ts";
import { bodies, type Record, record } from "../kit/desk-truth.ts";
import { handedOver } from "../kit/told-cases.ts";

let scene: ChatScene;
let desk: DeskProcess;
let rooms: readonly ChatRoom[];

beforeAll(async () => {
  scene = await chatScene();
  desk = childDesk({ ...scene.env, DESK_HURRY: "10" });
  rooms = [telegramRoom(scene), slackRoom(scene)];
  await Promise.all(rooms.map((room) => room.hears(/In agreement with the venue/)));
  await isRunning(desk);
});

afterAll(async () => {
  process.stdout.write(`${handedOver(scene)}\n`);
  await desk.stop();
  expect([...scene.telegram.violations, ...scene.slack.violations]).toEqual([]);
  await scene[Symbol.asyncDispose]();
});

const journal = (): Promise<Record> => record(scene.made.database.desk);
const EFFECTS = [
  "trading.paused",
  "trading.resumed",
  "trading.killed",
  "confirmation.opened",
  "limit.changed",
  "order.planned",
] as const;

async function effects(): Promise<readonly number[]> {
  const kept = await journal();
  return EFFECTS.map((kind) => bodies(kept, kind).length);
}

/** What was handed over before these answers has been handled before them. */
async function handled(): Promise<void> {
  await until(() => scene.telegram.updates.waiting === 0, "every update to be confirmed");
  for (const room of rooms) await room.asks(VIC, "/status", /RUNNING|PAUSED/);
}

describe("nobody else is obeyed", () => {
  test.each(["Telegram", "Slack"] as const)(
    "no case of a foreign origin on %s has an effect",
    async (platform) => {
      const cases = platform === "Telegram" ? hostileOnTelegram(scene) : hostileOnSlack(scene);
      for (const [what, act] of cases) {
        const before = await effects();
        act();
        await handled();
        expect(await effects(), what).toEqual(before);
      }
      expect((await journal()).desk.paused).toBeNull();
      expect(scene.market.exchange.ledger.requests.creates).toBe(0);
    },
  );

  test("they are counted, and a minute later both rooms are told how many they were", async () => {
    for (const room of rooms) await room.hears(/SECURITY: \d+ messages from people I do not know/);
    for (const room of rooms) await room.hears(/SECURITY: .*turned away/i);
  });
});

describe("what was once a message of ours", () => {
  test("is obeyed once, however often it comes, and never again when it is edited", async () => {
    scene.telegram.says(ANA.telegram, GROUP, "/limits set daily-loss 148");
    const [telegram, slack] = rooms;
    await telegram?.hears(/LOWERED daily-loss .*148/);
    const update = scene.telegram.says(ANA.telegram, GROUP, "/limits set daily-loss 147");
    await telegram?.hears(/LOWERED daily-loss .*147/);
    const envelope = scene.slack.slash(ANA.slack, CHANNEL, "limits set daily-loss 146");
    await slack?.hears(/LOWERED daily-loss .*146/);
    const before = await effects();
    scene.telegram.replay(update);
    for (const how of ["same-envelope", "new-envelope"] as const) scene.slack.replay(envelope, how);
    await handled();
    expect(await effects()).toEqual(before);
  });

  test("a confirmation is given by who asked, once: not by others, not by old buttons", async () => {
    for (const room of rooms) {
      await room.asks(ANA, "/pause for this", /PAUSED by Ana/);
      const asked = await room.asks(ANA, "/resume", /RESUME asked by Ana/);
      const confirm = asked.buttons.find((label) => label.startsWith("Confirm")) ?? "";
      const before = bodies(await journal(), "trading.resumed").length;
      for (const who of [BO, VIC, EVE]) asked.press(who, confirm);
      await handled();
      expect(bodies(await journal(), "trading.resumed")).toHaveLength(before);
      const from = room.said().length;
      for (let press = 0; press < 5; press += 1) asked.press(ANA, confirm);
      await room.hears(/RESUMED by Ana/, from);
      await handled();
      expect(bodies(await journal(), "trading.resumed")).toHaveLength(before + 1);
    }
  });
});

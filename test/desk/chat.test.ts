/** One desk on Telegram and Slack at once, as a process of its own: what people see and may do, counted in both platforms' frames. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COMMANDS } from "../../commands/table.ts";
import { type ChatRoom, slackRoom, telegramPrivate, telegramRoom } from "../kit/chat-room.ts";
import { ANA, BO, type ChatScene, chatScene } from "../kit/chat-scene.ts";
import { HIGH, LOW } from "../kit/desk-market.ts";
import { childDesk, type DeskProcess, hasOpinion, until } from "../kit/desk-process.ts";
import { type Record, record } from "../kit/desk-truth.ts";
import { handedOver } from "../kit/told-cases.ts";

let scene: ChatScene;
let desk: DeskProcess;
let rooms: readonly ChatRoom[];
let telegram: ChatRoom;
let slack: ChatRoom;

beforeAll(async () => {
  scene = await chatScene({ trips: true });
  desk = childDesk({ ...scene.env, DESK_HURRY: "10" });
  telegram = telegramRoom(scene);
  slack = slackRoom(scene);
  rooms = [telegram, slack];
  await Promise.all(rooms.map((room) => room.hears(/In agreement with the venue/)));
  await hasOpinion(desk);
});

afterAll(async () => {
  process.stdout.write(`${handedOver(scene)}\n`);
  await desk.stop();
  expect([...scene.telegram.violations, ...scene.slack.violations]).toEqual([]);
  await scene[Symbol.asyncDispose]();
});

const journal = (): Promise<Record> => record(scene.made.database.desk);

/** How a word is typed so that it does something, and what it answers where nothing is held and nothing is open. */
const TYPED: { readonly [words: string]: readonly [string, RegExp] } = {
  status: ["/status", /RUNNING · /],
  pause: ["/pause lunch", /PAUSED by Ana/],
  resume: ["/resume", /RESUME asked by Ana/],
  positions: ["/positions", /Holding nothing|No positions/],
  orders: ["/orders", /No open orders|0 open/],
  fills: ["/fills", /fill/],
  reconcile: ["/reconcile", /RECONCILED: /],
  breakers: ["/breakers", /BREAKERS \d+ tripped/],
  limits: ["/limits", /Limits: /],
  "limits set": ["/limits set daily-loss 149", /LOWERED daily-loss|nothing to change/],
  stage: ["/stage", /NO LADDER/],
  flatten: ["/flatten", /\/flatten: nothing to change/],
  cancel: ["/cancel abcdef", /\/cancel refused/],
  pending: ["/pending", /Nothing waits/],
  confirm: ["/confirm ZZZZ", /\/confirm refused/],
  code: ["/code", /Six digits of your authenticator.* in your private chat/],
  approve: ["/approve ZZZZ 1200", /\/approve refused/],
  deny: ["/deny ZZZZ", /\/deny refused/],
  rearm: ["/rearm", /\/rearm: nothing to change/],
  suspend: ["/suspend zoe lost her phone", /SUSPENDED Zoe by Ana|Zoe is suspended already/],
  duty: ["/duty on", /DUTY: Ana is on|already/],
  testalarm: ["/testalarm", /TEST ALARM by Ana/],
  heard: ["/heard 0a0a0a0a", /\/heard refused/],
  whoami: ["/whoami", /You are Ana, role risk/],
  audit: ["/audit verify", /Audit whole: \d+ rows/],
  help: ["/help", /What you may say/],
};

describe("what the market does", () => {
  test("a fill, a veto and a trip reach both platforms", async () => {
    scene.market.price(HIGH);
    await Promise.all(rooms.map((room) => room.hears(/BUY filled/)));
    scene.market.price(LOW);
    await Promise.all(rooms.map((room) => room.hears(/SELL filled/)));
    scene.market.price(HIGH);
    await until(() => scene.market.exchange.ledger.fills.length === 3, "the second buy");
    scene.market.price(LOW);
    await Promise.all(rooms.map((room) => room.hears(/TRIPPED consecutive losses 2 \/ 2/)));
    scene.market.price(HIGH);
    await Promise.all(rooms.map((room) => room.hears(/\d veto.* · BTC-USD desk is paused/)));
    scene.market.price(LOW);
  });

  test("what was tripped on Telegram's watch is resumed on Slack, and both are told", async () => {
    const asked = await slack.asks(ANA, "/resume", /RESUME asked by Ana/);
    const from = rooms.map((room) => room.said().length);
    asked.press(ANA, asked.buttons.find((label) => label.startsWith("Confirm")) ?? "");
    await Promise.all(
      rooms.map((room, index) => room.hears(/RESUMED by Ana/, (from[index] ?? 0) - 1)),
    );
    for (const room of rooms) {
      const open = room
        .said()
        .filter(({ buttons }) => buttons.some((label) => /^Confirm/.test(label)));
      expect(open).toEqual([]);
    }
  });
});

describe("every command", () => {
  test.each(COMMANDS.map(({ words }) => words).filter((words) => words !== "kill"))(
    "/%s is answered where it was typed, on both platforms",
    async (words) => {
      const [line, answer] = TYPED[words] ?? ["", /never/];
      for (const room of rooms) {
        if (words === "resume") await room.asks(ANA, "/pause", /PAUSED by Ana/);
        await room.asks(ANA, line, answer);
        if (words === "pause") await resumed(room);
        if (words === "resume") await denied(room);
      }
    },
  );

  async function resumed(room: ChatRoom): Promise<void> {
    const asked = await room.asks(ANA, "/resume", /RESUME asked by Ana/);
    const from = room.said().length;
    asked.press(ANA, asked.buttons.find((label) => label.startsWith("Confirm")) ?? "");
    await room.hears(/RESUMED by Ana/, from);
  }

  async function denied(room: ChatRoom): Promise<void> {
    const asked = room.said().findLast(({ buttons }) => buttons.includes("Deny"));
    const from = room.said().length;
    if (asked) {
      asked.press(BO, "Deny");
      await room.hears(/DENIED by Bo/, from);
      await resumed(room);
    }
  }
});

describe("every button", () => {
  test("that is shown stands for a line: pressed, it is answered like the line typed", async () => {
    for (const room of rooms) {
      const labels = new Set(room.said().flatMap(({ buttons }) => buttons));
      const plain = [...labels].filter(
        (label) => !/^(Confirm|Deny|Pause|Resume|Flatten|Kill)/.test(label),
      );
      expect(plain.length).toBeGreaterThan(4);
      for (const label of plain) {
        const from = room.said().length;
        room
          .said()
          .findLast(({ buttons }) => buttons.includes(label))
          ?.press(ANA, label);
        await until(() => room.said().length > from, `an answer to ${label} on ${room.platform}`);
      }
    }
  });

  test("paused by a button on Telegram, resumed on Slack by code, confirmed in private on Telegram", async () => {
    const from = rooms.map((room) => room.said().length);
    telegram
      .said()
      .findLast(({ buttons }) => buttons.includes("Pause"))
      ?.press(BO, "Pause");
    await Promise.all(rooms.map((room, index) => room.hears(/PAUSED by Bo/, from[index])));
    const asked = await slack.asks(ANA, "/resume", /RESUME asked by Ana/);
    const code = /\/confirm ([A-Z0-9]{4})/.exec(asked.text)?.[1] ?? "";
    const own = telegramPrivate(scene, ANA);
    await own.hears(new RegExp(`/confirm ${code}`));
    own.type(ANA, `/confirm ${code}`);
    await Promise.all(rooms.map((room, index) => room.hears(/RESUMED by Ana/, from[index])));
  });
});

test("a pressed kill button pauses and asks; the second press kills", async () => {
  for (const room of rooms) {
    const from = room.said().length;
    room
      .said()
      .findLast(({ buttons }) => buttons.includes("Kill…"))
      ?.press(BO, "Kill…");
    const asked = await room.hears(/Paused\. Kill cancels every open order/, from);
    expect((await journal()).desk.killed).toBeNull();
    asked.press(BO, "Kill now");
    await room.hears(/KILL(ED)?\b/, from + 1);
    await until(async () => (await journal()).desk.killed !== null, "the latch");
    await rearmed(room);
  }
});

async function rearmed(room: ChatRoom): Promise<void> {
  const asked = await room.asks(ANA, "/rearm", /REARM asked by Ana/);
  const from = room.said().length;
  asked.press(ANA, asked.buttons.find((label) => label.startsWith("Confirm")) ?? "");
  await room.hears(/REARMED by Ana/, from);
}

test("/kill works from either platform, and /rearm lands paused", async () => {
  for (const room of rooms) {
    await room.asks(BO, "/kill enough", /KILL(ED)?\b/);
    await Promise.all(rooms.map((one) => one.hears(/KILLED · no open orders/)));
    await rearmed(room);
  }
  expect((await journal()).desk.killed).toBeNull();
  expect((await journal()).desk.paused).not.toBeNull();
});

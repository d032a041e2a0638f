import { expect, test } from "vitest";
import type { Card } from "../../src/chat/card.ts";
import { roomId } from "../../src/core/kernel/ids.ts";
import { later } from "../../src/core/kernel/time.ts";
import type { Echo } from "../../src/ports/hearer.ts";
import type { Arrival } from "../../src/ports/inbound.ts";
import { memoryInbound } from "../kit/memory-inbound.ts";
import { CHAT_ROOMS, CONSOLE, OTHER_ROOM } from "../kit/sample-desk.ts";
import { switchboardScene } from "../kit/switchboard-scene.ts";

/** An echo that counts, and whispers as it is told. */
function echoOf(whisper: (card: Card) => Promise<boolean> = async () => true) {
  const whispered: string[] = [];
  const echo = {
    count: 0,
    taken: () => {
      echo.count += 1;
    },
    whisper: (card: Card) => {
      whispered.push(card.headline);
      return whisper(card);
    },
  };
  return { echo: echo as Echo & { count: number }, whispered };
}

type Scene = ReturnType<typeof switchboardScene>;

/** Every way a message can go. */
const PATHS: Readonly<Record<string, (scene: Scene) => Arrival>> = {
  "a question": ({ arrival }) => arrival("/status"),
  "a request": ({ arrival }) => arrival("/resume"),
  "/kill": ({ arrival }) => arrival("/kill"),
  "/pause": ({ arrival }) => arrival("/pause"),
  "a refusal": ({ arrival }) => arrival("/nonsense"),
  "a press of what is over": ({ arrival }) => arrival("c1.AAAAAAAAAAAAAAAA.c"),
  "bad usage": ({ arrival }) => arrival("/confirm"),
  "a request that is too old": ({ arrival, time }) =>
    arrival("/resume", { sentAt: later(time.clock.now(), -120_000) }),
  "talk between people": ({ arrival }) => arrival("lunch?"),
  "a stranger": ({ arrival }) => arrival("/kill", { account: "console:mallory" }),
  "a stranger's /start": ({ arrival }) =>
    arrival("/start", { account: "telegram:7", room: roomId("telegram:7") }),
  "a room that is not ours": ({ arrival }) => arrival("/kill", { room: roomId("console:x") }),
  "one message too many": ({ arrival, board }) => {
    for (let i = 0; i < 3; i += 1) board.receive(arrival("/status"));
    return arrival("/status");
  },
  "one more of a flood": ({ arrival, board }) => {
    for (let i = 0; i < 9; i += 1) board.receive(arrival("/status"));
    return arrival("/status");
  },
  "a message of an earlier run": ({ arrival, inbound }) => {
    const again = arrival("/status");
    inbound.stored.set(again.id, again);
    return again;
  },
  "a request behind one that takes for ever": ({ arrival, board, engine }) => {
    engine.reply = () => new Promise(() => {});
    board.receive(arrival("/resume"));
    return arrival("/flatten");
  },
  "a request that the engine fails on": ({ arrival, engine }) => {
    engine.reply = () => Promise.reject(new Error("bug"));
    return arrival("/resume");
  },
};

for (const database of ["answers", "hangs", "throws"] as const) {
  test.each(Object.entries(PATHS))(
    `%s is taken exactly once when the database ${database}`,
    async (_name, path) => {
      const scene = switchboardScene(memoryInbound(), 3);
      scene.inbound.hangs = database === "hangs";
      if (database === "throws") scene.inbound.store = () => Promise.reject(new Error("gone"));
      const { echo } = echoOf();
      const message = path(scene);
      scene.board.receive(message, echo);
      expect(echo.count, "not before the caller has gone on").toBe(0);
      await scene.time.pass(1_600);
      expect(echo.count).toBe(1);
      await scene.time.pass(600_000);
      expect(echo.count).toBe(1);
    },
  );
}

test("a dropped message, a message heard twice and one that cannot be judged are taken too", async () => {
  const { board, arrival, time, inbound } = switchboardScene(memoryInbound(), 1000);
  inbound.hangs = true;
  for (let i = 0; i < 100; i += 1) board.receive(arrival("/status"));
  const dropped = echoOf();
  board.receive(arrival("/status"), dropped.echo);
  await time.settle();
  expect(board.counts().dropped).toBe(1);
  expect(dropped.echo.count).toBe(1);

  const broken = switchboardScene(memoryInbound(), 20, () => false, {
    view: () => {
      throw new Error("a bug");
    },
  });
  const unjudged = echoOf();
  expect(() =>
    broken.board.receive(broken.arrival("c1.AAAAAAAAAAAAAAAA.c"), unjudged.echo),
  ).not.toThrow();
  await broken.time.settle();
  expect(unjudged.echo.count).toBe(1);
});

test("a message heard twice is taken for both, and for neither before its row is there", async () => {
  const { board, arrival, time, inbound, headlines } = switchboardScene();
  let stored = (_isNew: boolean): void => {};
  inbound.store = () =>
    new Promise((resolve) => {
      stored = resolve;
    });
  const [first, second] = [echoOf(), echoOf()];
  const message = arrival("/status");
  board.receive(message, first.echo);
  board.receive(message, second.echo);
  await time.settle();
  expect([first.echo.count, second.echo.count]).toEqual([0, 0]);
  stored(true);
  await time.settle();
  expect([first.echo.count, second.echo.count]).toEqual([1, 1]);
  expect(headlines()).toHaveLength(1);
});

test("a message is kept as soon as it is heard, however long the ones before it take", async () => {
  const { board, arrival, time, engine, inbound, headlines } = switchboardScene();
  engine.reply = () => new Promise(() => {});
  board.receive(arrival("/resume"));
  const { echo } = echoOf();
  board.receive(arrival("/status"), echo);
  await time.settle();
  expect(echo.count).toBe(1);
  expect(inbound.stored.size).toBe(2);
  expect(headlines()).toEqual([]);
});

test("a platform that cannot be told is no harm, and after the end nothing is taken", async () => {
  const { board, arrival, time, headlines, log } = switchboardScene();
  const { echo } = echoOf();
  board.receive(arrival("/status"), {
    ...echo,
    taken: () => {
      throw new Error("closed");
    },
  });
  await time.settle();
  expect(headlines()).toHaveLength(1);
  expect(log.sentences).toContain("a platform cannot be told that a message arrived");
  await board[Symbol.asyncDispose]();
  board.receive(arrival("/status"), echo);
  await time.settle();
  expect(echo.count).toBe(0);
});

test("a refusal is whispered to whoever sent it, and the room hears nothing", async () => {
  const { board, arrival, time, headlines, inbound } = switchboardScene(memoryInbound(), 1);
  const { echo, whispered } = echoOf();
  for (const text of ["/nonsense", "/status", "/pause"]) board.receive(arrival(text), echo);
  await time.settle();
  expect(whispered).toEqual(["No such command: /nonsense", "Not read: too many messages"]);
  expect(headlines()).toEqual([]);
  expect([...inbound.outcomes.values()]).toEqual([
    "refused: unknown word",
    "refused: too many",
    "submitted: pause",
  ]);
});

test.each([
  ["gives false", async (): Promise<boolean> => false],
  ["fails", (): Promise<boolean> => Promise.reject(new Error("expired"))],
  [
    "throws",
    (): never => {
      throw new Error("a bug");
    },
  ],
] as const)("what cannot be whispered is said in the room: it %s", async (_how, whisper) => {
  const { board, arrival, time, said, under } = switchboardScene();
  board.receive(arrival("/nonsense", { room: OTHER_ROOM, under: "41" }), echoOf(whisper).echo);
  await time.settle();
  expect(said).toMatchObject([{ room: OTHER_ROOM, headline: "No such command: /nonsense" }]);
  expect(under).toEqual(["message:41"]);
});

test("a whisper that takes over two seconds is said in the room, and the room goes on", async () => {
  const { board, arrival, time, headlines } = switchboardScene();
  board.receive(arrival("/nonsense"), echoOf(() => new Promise(() => {})).echo);
  board.receive(arrival("/status"));
  await time.pass(1_900);
  expect(headlines()).toEqual([]);
  await time.pass(200);
  expect(headlines()).toEqual(["No such command: /nonsense", "RUNNING · 13:07:05 EST"]);
});

test("answers stay in the room and under what they answer; they are never whispered", async () => {
  const { board, arrival, time, said, under } = switchboardScene();
  const { echo, whispered } = echoOf();
  board.receive(arrival("/status", { under: "C7/1700.42" }), echo);
  board.receive(arrival("/status"), echo);
  await time.settle();
  expect(said.map(({ room }) => room)).toEqual([CONSOLE, CONSOLE]);
  expect(under).toEqual(["message:C7/1700.42", null]);
  expect(whispered).toEqual([]);
});

test("a request that grew old behind others is refused in a whisper", async () => {
  const { board, arrival, engine, time, headlines } = switchboardScene();
  engine.reply = () => new Promise((resolve) => time.timers.after(70_000, () => resolve(1)));
  const { echo, whispered } = echoOf();
  board.receive(arrival("/resume"), echo);
  board.receive(arrival("/flatten"), echo);
  await time.pass(71_000);
  expect(whispered).toEqual(["Not done: /flatten is 70 s old"]);
  expect(headlines()).toEqual([]);
});

test("a command in a chat that is no room of ours is refused to its sender alone, or in their own chat", async () => {
  const { hear, board, arrival, time, said, verbs } = switchboardScene(
    memoryInbound(),
    20,
    () => false,
    { rooms: CHAT_ROOMS },
  );
  const foreign = { room: roomId("slack:C0ELSEWHERE"), account: "slack:T1/UANA" };
  const { echo, whispered } = echoOf();
  board.receive(arrival("/kill", foreign), echo);
  await time.settle();
  expect(whispered).toEqual(["Not done: this chat is no room of mine"]);
  expect(said).toEqual([]);
  const deaf = echoOf(async () => false);
  board.receive(arrival("/kill", foreign), deaf.echo);
  await time.settle();
  expect(said.map(({ room }) => room)).toEqual(["slack:@UANA"]);
  await hear("lunch?", foreign);
  await hear("/nonsense", foreign);
  expect(said).toHaveLength(1);
  expect(verbs()).toEqual([]);
});

test("a long reason stops neither /kill nor /pause", async () => {
  const { hear, verbs } = switchboardScene();
  await hear(`/kill ${"x".repeat(5_000)}`);
  await hear(`/pause ${"x".repeat(5_000)}`);
  expect(verbs()).toEqual(["kill", "pause"]);
});

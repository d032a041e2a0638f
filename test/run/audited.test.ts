/** What reaches the audit from people: their words without codes, what they saw, and what they tried in vain. */
import { describe, expect, test } from "vitest";
import { sha256 } from "../../src/adapters/postgres/audit/chain.ts";
import { confirmationKey } from "../../src/chat/alert-memory.ts";
import { cardText } from "../../src/chat/card-text.ts";
import { card } from "../../src/chat/compose.ts";
import { heardWords } from "../../src/chat/heard-words.ts";
import { courierScene } from "../kit/courier-scene.ts";
import { memoryInbound } from "../kit/memory-inbound.ts";
import {
  ANA_TELEGRAM,
  CHAT_ROOMS,
  CONFIRMATION,
  CONSOLE,
  NOW,
  numbered,
  OTHER_ROOM,
  ROOMS,
  VIEW,
} from "../kit/sample-desk.ts";
import { seal, switchboardScene } from "../kit/switchboard-scene.ts";

const BO = { account: "console:bo", room: OTHER_ROOM };
const VIC = { account: "console:vic", room: OTHER_ROOM };
const wide = () => switchboardScene(memoryInbound(), 1000);

test.each([
  ["/pause odd spread", "/pause odd spread"],
  ["/confirm K7QF", "/confirm [code]"],
  ["confirm k7 qf", "confirm [code]"],
  ["/deny@bot K7QF", "/deny@bot [code]"],
  ["/approve K7QF 2500", "/approve [code] 2500"],
  ["/approve K7QF 123456", "/approve [code] [code]"],
  ["123456", "[code]"],
  ["１２３ ４５６", "[code]"],
  ["/code 123-456", "/code [code]"],
  ["my code is 123456!", "my code is [code]!"],
  ["ab1de-fgh1j-kmnpq-rstvw", "[code]"],
  ["/pause ab1defgh1jkmnpqrstvw now", "/pause [code] now"],
  ["/limits set daily-loss 1200", "/limits set daily-loss 1200"],
  ["/limits set daily-loss 100000", "/limits set daily-loss [code]"],
  [`c1.${"A".repeat(16)}.c`, "pressed confirm"],
  [`c1.${"A".repeat(16)}.d`, "pressed deny"],
])("%s is kept as %s", (typed, kept) => {
  expect(heardWords(typed)).toBe(kept);
});

test("words are bounded, and a code behind many things that look like one is left out all the same", () => {
  expect(heardWords("/pause j3mnq xm64m 2bzfr 43dmr")).toBe("/pause [code]");
  expect(heardWords("/limits 12 34 56")).toBe("/limits [code]");
  expect(heardWords("j3mnq xm64m 2bzfr 43dmr no")).toBe("[code] no");
  expect(heardWords("/flatten on 2026-11-22")).toBe("/flatten on 2026-11-22");
  expect(heardWords(`/pause ${"x".repeat(900)}`)).toHaveLength(200);
  const crowd = `${"a1b2c ".repeat(30)}654321`;
  expect(heardWords(crowd)).not.toContain("654321");
});

describe("attempts", () => {
  test("a refusal is told at once, and the same again within a minute with its count", async () => {
    const { hear, tried, time } = wide();
    await hear("/resume", VIC);
    expect(tried).toEqual([
      {
        ...{ kind: "attempt", person: "vic", name: "Vic", room: OTHER_ROOM },
        ...{ words: "/resume", why: "role", count: 1 },
      },
    ]);
    for (let i = 0; i < 4; i += 1) await hear("/resume", VIC);
    await hear("/kill", VIC);
    expect(tried.map(({ words, count }) => [words, count])).toEqual([
      ["/resume", 1],
      ["/kill", 1],
    ]);
    await time.pass(60_000);
    expect(tried.slice(2).map(({ words, count }) => [words, count])).toEqual([["/resume", 4]]);
    await time.pass(120_000);
    expect(tried).toHaveLength(3);
    await hear("/resume", VIC);
    expect(tried.at(-1)?.count).toBe(1);
  });

  test("late, foreign, somebody else's and locked ones are told; typing errors and strangers are not", async () => {
    const { hear, tried } = wide();
    const old = {
      sentAt: (NOW - 120_000) as typeof NOW,
      receivedAt: (NOW - 120_000) as typeof NOW,
    };
    await hear("/resume", { ...BO, ...old });
    await hear("/kill", { ...BO, room: "telegram:-999" as typeof CONSOLE });
    await hear(`c1.${seal(CONFIRMATION.id, "confirm")}.c`, BO);
    await hear("/nonsense", BO);
    await hear("/fills 900", BO);
    await hear("/kill", { account: "console:nobody" });
    expect(tried.map(({ why, words }) => [why, words])).toEqual([
      ["too old", "/resume"],
      ["not a room of ours", "/kill"],
      ["not theirs", "pressed confirm"],
    ]);
  });

  test("what was counted is told when the desk stops, and different ones are bounded", async () => {
    const { hear, tried, board } = wide();
    for (let i = 0; i < 3; i += 1) await hear("/resume", VIC);
    await board[Symbol.asyncDispose]();
    expect(tried.map(({ count }) => count)).toEqual([1, 2]);
    const many = wide();
    for (let i = 0; i < 260; i += 1) await many.hear(`/pause reason ${i}`, VIC);
    expect(many.tried.length).toBeLessThanOrEqual(201);
    await many.time.pass(60_000);
    const sum = many.tried.reduce((total, { count }) => total + count, 0);
    expect(sum).toBe(260);
  });
});

describe("what was seen", () => {
  const shownCard = card({ headline: "RAISE asked by Ana", lines: ["1000 → 1200"] });
  const hash = sha256(cardText(shownCard)).slice(0, 16);
  const key = confirmationKey(CONFIRMATION.id);

  test("an answer carries the hash of the card that its room was shown last, and of no other room", async () => {
    const { hear, engine, shown } = switchboardScene(memoryInbound(), 100, () => false, {
      rooms: [...ROOMS, ...CHAT_ROOMS],
    });
    shown.delivered({ room: CONSOLE, key, card: card({ headline: "older" }) });
    shown.delivered({ room: CONSOLE, key, card: shownCard });
    await hear("/confirm k7qf");
    await hear(`c1.${seal(CONFIRMATION.id, "deny")}.d`);
    await hear("/confirm K7QF", { account: "telegram:1001", room: ANA_TELEGRAM });
    expect(engine.asked.map(({ request }) => "saw" in request && request.saw)).toEqual([
      hash,
      hash,
      false,
    ]);
    expect(engine.asked.map(({ by }) => by.words)).toEqual([
      "/confirm [code]",
      "pressed deny",
      "/confirm [code]",
    ]);
  });

  test("whoever answers the message that rang for them has seen that one", async () => {
    const { hear, engine, shown } = switchboardScene(memoryInbound(), 100);
    shown.delivered({ room: OTHER_ROOM, key: `${key}:second`, card: shownCard });
    await hear("/deny K7QF", BO);
    expect(engine.asked[0]?.request).toMatchObject({ saw: hash });
  });

  test("what an earlier run showed is known after a start; what this one showed is newer", async () => {
    const row = { room: CONSOLE, confirmation: CONFIRMATION.id, card: shownCard };
    const other = { ...row, room: OTHER_ROOM };
    const asked: unknown[] = [];
    const none = switchboardScene();
    const book = {
      ...{ last: async () => [], about: async () => null, auditHead: async () => null },
      verify: async () => ({ rows: 0, head: null, upTo: 0, behind: 0, broken: null }),
      shown: async (ids: readonly unknown[]) => {
        asked.push(...ids);
        return [row, other];
      },
    };
    const { board, shown } = switchboardScene(memoryInbound(), 100, () => false, { book });
    const newer = card({ headline: "newer" });
    shown.delivered({ room: OTHER_ROOM, key, card: newer });
    await board.start();
    expect(asked).toEqual([CONFIRMATION.id]);
    const answer = { verb: "confirm", code: "K7QF" } as const;
    expect(shown.seen(answer, CONSOLE, VIEW.pending)).toEqual({ ...answer, saw: hash });
    expect(shown.seen(answer, OTHER_ROOM, VIEW.pending)).toEqual({
      ...answer,
      saw: sha256(cardText(newer)).slice(0, 16),
    });
    expect(none.shown.seen(answer, CONSOLE, VIEW.pending)).toEqual(answer);
  });

  test("a database gives the fields of a card back in another order, and the hash is the same", () => {
    const { headline, lines, mark, buttons, event } = shownCard;
    expect(cardText({ event, buttons, mark, lines, headline })).toBe(cardText(shownCard));
    expect(cardText({ ...shownCard, lines: ["1000 → 1201"] })).not.toBe(cardText(shownCard));
  });

  test("the courier tells of each row it sent, as the row has it", async () => {
    const opened = { kind: "confirmation.opened", confirmation: CONFIRMATION, detail: [] } as const;
    const told: { room: string; headline: string }[] = [];
    const { open, time, deliveries } = courierScene(numbered([opened]), {
      shown: { delivered: ({ room, card: of }) => void told.push({ room, headline: of.headline }) },
    });
    open().start();
    await time.settle();
    expect(told.map(({ room }) => room).sort()).toEqual([CONSOLE, OTHER_ROOM]);
    expect(told[0]?.headline).toBe(deliveries.rows[0]?.card.headline);
  });
});

import { expect, test } from "vitest";
import { pressData } from "../../src/chat/press.ts";
import { confirmButton, denyButton } from "../../src/chat/proposal.ts";
import type { Confirmation } from "../../src/core/control/request.ts";
import { confirmationId, roomId } from "../../src/core/kernel/ids.ts";
import { later } from "../../src/core/kernel/time.ts";
import type { Arrival } from "../../src/ports/inbound.ts";
import { manualTime } from "../kit/manual-time.ts";
import { memoryInbound } from "../kit/memory-inbound.ts";
import {
  ANA_SLACK,
  ANA_TELEGRAM,
  CHAT_ROOMS,
  CONSOLE,
  GROUP,
  NOW,
  OTHER_ROOM,
  ROOMS,
} from "../kit/sample-desk.ts";
import { scriptEngine } from "../kit/script-engine.ts";
import { seal, switchboardScene } from "../kit/switchboard-scene.ts";

/** Where and as whom a message is sent. */
const BY = {
  ana: { account: "console:local", room: CONSOLE },
  anaElsewhere: { account: "console:local", room: OTHER_ROOM },
  anaInGroup: { account: "telegram:1001", room: GROUP },
  anaOnTelegram: { account: "telegram:1001", room: ANA_TELEGRAM },
  anaOnSlack: { account: "slack:T1/UANA", room: ANA_SLACK },
  bo: { account: "console:bo", room: OTHER_ROOM },
  boInGroup: { account: "telegram:1002", room: GROUP },
  vic: { account: "console:vic", room: CONSOLE },
  mallory: { account: "telegram:666", room: GROUP },
} as const satisfies Record<string, Partial<Arrival>>;

function liveScene() {
  const time = manualTime(NOW);
  const engine = scriptEngine(time.clock);
  const scene = switchboardScene(memoryInbound(), 1000, () => false, {
    time,
    rooms: [...ROOMS, ...CHAT_ROOMS],
    view: engine.view,
    engine,
  });
  const waiting = (): Confirmation => {
    const [first] = engine.view().pending;
    if (!first) throw new Error("nothing waits");
    return first;
  };
  /** Paused, and asked to resume. */
  const asked = async (by: Partial<Arrival> = BY.ana): Promise<Confirmation> => {
    if (!engine.desk.state.desk.paused) await scene.hear("/pause for this", by);
    await scene.hear("/resume", by);
    return waiting();
  };
  return { ...scene, desk: engine.desk, engine, asked, waiting };
}

const confirmed = (of: Confirmation): string => pressData(confirmButton(of), seal);
const denied = (of: Confirmation): string => pressData(denyButton(of), seal);

test("a pressed confirm is the typed line, bound to its own confirmation", async () => {
  const { hear, asked, desk, inbound } = liveScene();
  const open = await asked();
  await hear(confirmed(open), BY.ana);
  expect(desk.said("trading.resumed")).toHaveLength(1);
  expect(desk.said("confirmation.closed").at(-1)).toMatchObject({ outcome: "confirmed" });
  expect([...inbound.outcomes.values()].at(-1)).toBe("submitted: confirm");
});

test("twenty presses at once, from several rooms, people and platforms, confirm once", async () => {
  const { board, arrival, asked, desk, time } = liveScene();
  const open = await asked();
  const places = [
    BY.ana,
    BY.anaOnTelegram,
    BY.bo,
    BY.anaOnSlack,
    BY.anaInGroup,
    BY.vic,
    BY.mallory,
  ];
  for (let i = 0; i < 20; i += 1) {
    board.receive(arrival(confirmed(open), places[i % places.length]));
  }
  await time.pass(5000);
  expect(desk.said("trading.resumed")).toHaveLength(1);
  expect(desk.said("confirmation.closed")).toHaveLength(1);
});

test("what was asked in a group is confirmed there or in any private chat of whoever asked", async () => {
  for (const place of [BY.anaInGroup, BY.anaOnTelegram, BY.anaOnSlack]) {
    const { hear, asked, desk } = liveScene();
    const open = await asked(BY.anaInGroup);
    await hear(confirmed(open), place);
    expect(desk.said("trading.resumed")).toHaveLength(1);
  }
});

test("the console is the private room of whoever sits at it", async () => {
  const { hear, asked, desk } = liveScene();
  const open = await asked(BY.anaInGroup);
  await hear(`/confirm ${open.code}`, BY.ana);
  expect(desk.said("trading.resumed")).toHaveLength(1);
});

test("it is confirmed nowhere else, and both places are named", async () => {
  const { hear, asked, desk } = liveScene();
  const open = await asked(BY.anaInGroup);
  await hear(confirmed(open), BY.anaElsewhere);
  await hear(`/confirm ${open.code}`, BY.anaElsewhere);
  expect(desk.said("trading.resumed")).toEqual([]);
  const why = "Confirm it where it was asked, or in your private chat with the desk.";
  expect(desk.said("request.answered").map((answer) => answer.why)).toEqual([why, why]);
});

test("somebody else's confirm is refused and says who may; it goes on waiting", async () => {
  const { hear, asked, headlines, desk, waiting, inbound } = liveScene();
  const open = await asked();
  await hear(confirmed(open), BY.bo);
  expect(headlines()).toEqual(["Not yours: only Ana can confirm this"]);
  expect([...inbound.outcomes.values()].at(-1)).toBe("refused: not theirs");
  expect(desk.said("request.answered")).toEqual([]);
  expect(waiting().id).toBe(open.id);
});

test("an operator confirms no raise and no rearm, though they asked when it was none", async () => {
  const { hear, engine, headlines, desk, arrival, board, time } = liveScene();
  const limit = () => engine.view().limits.find(({ key }) => key.includes("daily_loss"))?.value;
  // Judged as a lowering of 150; meanwhile it was lowered to 5.
  board.receive(arrival("/limits set daily-loss 149", BY.boInGroup));
  desk.ask({ verb: "limits set", key: "portfolio.max_daily_loss_usd", value: "5" });
  await time.pass(5000);
  const [open] = engine.view().pending;
  expect(open?.by.person).toBe("bo");
  if (!open) return;
  await hear(`/confirm ${open.code}`, BY.boInGroup);
  await hear(confirmed(open), BY.boInGroup);
  expect(headlines().slice(-2)).toEqual(Array(2).fill("Not allowed: /confirm"));
  expect(limit()).toBe("5");
});

test("anyone may deny by a button, in any room of ours; a viewer may not", async () => {
  const { hear, asked, headlines, desk } = liveScene();
  const open = await asked();
  await hear(denied(open), BY.vic);
  expect(headlines()).toEqual(["Not allowed: /deny"]);
  await hear(denied(open), BY.boInGroup);
  expect(desk.said("confirmation.closed").at(-1)).toMatchObject({
    outcome: "denied",
    by: { person: "bo", room: GROUP },
  });
});

test("a button of a request that is over, expired, foreign or made up does nothing and says so", async () => {
  const { hear, asked, headlines, desk, time } = liveScene();
  const open = await asked();
  const other = { ...open, id: confirmationId(`${open.id.slice(0, -1)}f`) };
  await hear(confirmed(other), BY.ana);
  await hear("c1.AAAAAAAAAAAAAAAA.c", BY.ana);
  await hear(confirmed(open).replace(/c$/, "d"), BY.ana);
  expect(desk.said("confirmation.closed")).toEqual([]);
  await time.pass(121_000);
  desk.now = time.clock.now();
  desk.tick();
  await hear(confirmed(open), BY.ana);
  await hear(denied(open), BY.ana);
  expect(headlines()).toEqual(Array(5).fill("That request is over"));
  expect(desk.said("trading.resumed")).toEqual([]);
  expect(desk.said("request.answered")).toEqual([]);
});

test("an old button does not confirm a later request that has its code", async () => {
  const { hear, asked, desk, waiting, headlines } = liveScene();
  const first = await asked();
  await hear(`/deny ${first.code}`, BY.ana);
  const second = await asked();
  expect(second.code).toBe(first.code);
  expect(second.id).not.toBe(first.id);
  await hear(confirmed(first), BY.ana);
  expect(headlines().at(-1)).toBe("That request is over");
  expect(desk.said("trading.resumed")).toEqual([]);
  await hear(confirmed(waiting()), BY.ana);
  expect(desk.said("trading.resumed")).toHaveLength(1);
});

test("a press judged before its request was replaced confirms neither", async () => {
  const { board, arrival, asked, desk, time } = liveScene();
  const first = await asked(BY.anaInGroup);
  // Heard at once, in three rooms: the refusal and the new request enter before the press does.
  board.receive(arrival(denied(first), BY.ana));
  board.receive(arrival("/resume", BY.anaOnSlack));
  board.receive(arrival(confirmed(first), BY.anaInGroup));
  await time.pass(5000);
  expect(desk.said("confirmation.opened").map(({ confirmation }) => confirmation.code)).toEqual([
    first.code,
    first.code,
  ]);
  expect(desk.said("trading.resumed")).toEqual([]);
  expect(desk.said("request.answered").at(-1)?.why).toBe("That request is over.");
});

test("the same press heard twice is one press", async () => {
  const { board, arrival, asked, desk, time } = liveScene();
  const press = arrival(confirmed(await asked()), BY.ana);
  board.receive(press);
  board.receive(press);
  await time.settle();
  expect(desk.said("trading.resumed")).toHaveLength(1);
  expect(desk.said("request.answered")).toEqual([]);
});

test("a press keeps every other check: stranger, room, age, rate", async () => {
  const { hear, asked, headlines, desk, time, board } = liveScene();
  const open = await asked();
  await hear(confirmed(open), { ...BY.ana, room: roomId("telegram:-999") });
  expect(headlines()).toEqual(["Not done: this chat is no room of mine"]);
  await hear(confirmed(open), BY.mallory);
  await hear(confirmed(open), { ...BY.ana, sentAt: later(time.clock.now(), -61_000) });
  expect(headlines().slice(1)).toEqual(["Not done: /confirm is 61 s old"]);
  expect(desk.said("trading.resumed")).toEqual([]);
  expect(board.counts().strangers).toBe(1);
  const few = switchboardScene(memoryInbound(), 2);
  for (let i = 0; i < 5; i += 1) await few.hear("c1.AAAAAAAAAAAAAAAA.c");
  expect(few.headlines()).toEqual([
    "That request is over",
    "That request is over",
    "Not read: too many messages",
  ]);
});

test("a press that a crash left is judged again at the next start", async () => {
  const before = liveScene();
  const open = await before.asked();
  const inbound = memoryInbound();
  await inbound.store(before.arrival(confirmed(open), BY.ana));
  const next = switchboardScene(inbound, 20, () => false, {
    view: before.engine.view,
    engine: before.engine,
  });
  await next.board.start();
  await next.time.settle();
  expect(before.desk.said("trading.resumed")).toHaveLength(1);
});

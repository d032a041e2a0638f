/** Every press is answered once, soon, and a refusal is said to whoever pressed and to nobody else. */
import { expect, test } from "vitest";
import { instant } from "../../../src/core/kernel/time.ts";
import { manualTime } from "../../kit/manual-time.ts";
import type { Shown } from "../../kit/telegram-fake.ts";
import { user } from "../../kit/telegram-fake.ts";
import {
  ANA,
  ANAS,
  calls,
  card,
  passUntil,
  type Rig,
  rig,
  row,
  SUPER,
  SUPER_ROOM,
  until,
} from "./rig.ts";

const BUTTONS = [{ label: "Kill…", line: "/kill", danger: true }];

/** A message with a button, and ears that hear it pressed. */
async function pressable(of: { readonly time?: ReturnType<typeof manualTime> } = {}) {
  const scene = await rig(of);
  await scene.telegram.messenger.send(row({ card: card("x", { buttons: BUTTONS }) }), "LIVE");
  scene.telegram.ears.start(scene.ear);
  return { ...scene, shown: last(scene) };
}

function last({ fake }: Rig, chat = 4242): Shown {
  const shown = fake.said(chat).at(-1);
  if (!shown) throw new Error("nothing was said");
  return shown;
}

const answers = ({ fake }: Rig) =>
  fake.callbackAnswers.map(({ text, alert }) => (text === null ? "empty" : `${text}|${alert}`));

const START = instant(1_700_000_000_000);

test("a press arrives as what the button carries, and is answered without a word", async () => {
  const scene = await pressable();
  scene.fake.presses(ANA, scene.shown, "Kill…");
  await until(() => scene.ear.arrivals.length === 1);
  expect(scene.ear.arrivals[0]).toMatchObject({
    ...{ text: "/kill", account: "telegram:4242", pressed: true },
  });
  scene.fake.says(ANA, ANAS, "/kill");
  await until(() => scene.ear.arrivals.length === 2);
  expect(scene.ear.arrivals[1], "what was typed was not pressed").not.toHaveProperty("pressed");
  await until(() => scene.fake.callbackAnswers.length === 1);
  expect(answers(scene)).toEqual(["empty"]);
});

test("a refusal is shown to whoever pressed, and ends the waiting", async () => {
  const time = manualTime(START);
  const scene = await pressable({ time });
  scene.fake.presses(ANA, scene.shown, "Kill…");
  await until(() => scene.ear.echoes.length === 1);
  const lines = ["Only risk may do that.", "You are <viewer> & more."];
  const said = scene.ear.echoes[0]?.whisper(card("Not allowed", { lines }));
  expect(await said).toBe(true);
  expect(answers(scene)).toEqual([`Not allowed\n${lines.join("\n")}|true`]);
  await time.pass(5_000);
  expect(calls(scene.fake, "answerCallbackQuery")).toBe(1);
});

test("a refusal that is too long is cut to what Telegram shows, between letters", async () => {
  const scene = await pressable();
  scene.fake.presses(ANA, scene.shown, "Kill…");
  await until(() => scene.ear.echoes.length === 1);
  await scene.ear.echoes[0]?.whisper(card("No", { lines: ["😀".repeat(180)] }));
  const { text = "" } = scene.fake.callbackAnswers[0] ?? {};
  expect(text?.length).toBeLessThanOrEqual(200);
  expect(text).toMatch(/^No\n(?:😀)+…$/u);
});

test("a press that is taken is answered after a moment in which a refusal may come", async () => {
  const time = manualTime(START);
  const scene = await pressable({ time });
  scene.fake.presses(ANA, scene.shown, "Kill…");
  await until(() => scene.ear.echoes.length === 1);
  await time.pass(299);
  expect(calls(scene.fake, "answerCallbackQuery")).toBe(0);
  await time.pass(1);
  await until(() => scene.fake.callbackAnswers.length === 1);
  expect(await scene.ear.echoes[0]?.whisper(card("late"))).toBe(false);
  expect(calls(scene.fake, "answerCallbackQuery")).toBe(1);
});

test("a press that nobody takes is answered after two seconds", async () => {
  const time = manualTime(START);
  const scene = await pressable({ time });
  scene.ear.takes = false;
  scene.fake.presses(ANA, scene.shown, "Kill…");
  await until(() => scene.ear.echoes.length === 1);
  await time.pass(1_999);
  expect(calls(scene.fake, "answerCallbackQuery")).toBe(0);
  await time.pass(1);
  await until(() => scene.fake.callbackAnswers.length === 1);
  expect(answers(scene)).toEqual(["empty"]);
});

test("each of many presses is answered once", async () => {
  const scene = await pressable();
  for (let i = 0; i < 20; i += 1) scene.fake.presses(user(100 + i), scene.shown, "Kill…");
  await until(() => scene.fake.callbackAnswers.length === 20);
  expect(calls(scene.fake, "answerCallbackQuery")).toBe(20);
});

test("a press that must not be obeyed is counted, and answered at once all the same", async () => {
  const scene = await pressable();
  // In a private chat of somebody else.
  scene.fake.presses(user(5151), scene.shown, "Kill…");
  await until(() => scene.fake.callbackAnswers.length === 1);
  expect([scene.ear.origins, scene.ear.arrivals]).toEqual([["telegram malformed"], []]);
});

test("a press too old to be answered is heard; that Telegram refuses the answer harms nothing", async () => {
  const scene = await pressable();
  const why = "query is too old and response timeout expired or query ID is invalid";
  scene.fake.fault("answerCallbackQuery", { kind: "400", description: why });
  scene.fake.presses(ANA, scene.shown, "Kill…");
  await until(() => scene.ear.echoes.length === 1);
  expect(await scene.ear.echoes[0]?.whisper(card("no"))).toBe(false);
  expect(calls(scene.fake, "answerCallbackQuery")).toBe(1);
});

test("a typed message cannot be whispered to", async () => {
  const scene = await pressable();
  scene.fake.says(ANA, ANAS, "/kill");
  await until(() => scene.ear.echoes.length === 1);
  expect(await scene.ear.echoes[0]?.whisper(card("no"))).toBe(false);
  expect(calls(scene.fake, "answerCallbackQuery")).toBe(0);
});

test("an answer that hangs holds up neither the ears nor the next press", async () => {
  const time = manualTime(START);
  const scene = await pressable({ time });
  scene.fake.fault("answerCallbackQuery", { kind: "hang" });
  scene.fake.presses(ANA, scene.shown, "Kill…");
  await passUntil(time, 300, () => calls(scene.fake, "answerCallbackQuery") === 1);
  scene.fake.presses(ANA, scene.shown, "Kill…");
  await passUntil(time, 300, () => scene.fake.callbackAnswers.length === 1);
});

test("nothing is answered after the end: the press comes again, and is answered then", async () => {
  const scene = await pressable();
  scene.ear.takes = false;
  scene.fake.presses(ANA, scene.shown, "Kill…");
  await until(() => scene.ear.echoes.length === 1);
  await scene.telegram.ears.stop();
  scene.ear.echoes[0]?.taken();
  expect(await scene.ear.echoes[0]?.whisper(card("no"))).toBe(false);
  expect(calls(scene.fake, "answerCallbackQuery")).toBe(0);
  scene.ear.takes = true;
  scene.again().ears.start(scene.ear);
  await until(() => scene.fake.callbackAnswers.length === 1);
});

test("a press in a group is answered under the message that was pressed", async () => {
  const scene = await pressable();
  const grouped = row({ room: SUPER_ROOM, card: card("x", { buttons: BUTTONS }) });
  await scene.telegram.messenger.send(grouped, "LIVE");
  const shown = last(scene, SUPER.id);
  scene.fake.presses(ANA, shown, "Kill…");
  await until(() => scene.ear.arrivals.length === 1);
  expect(scene.ear.arrivals[0]).toMatchObject({ room: SUPER_ROOM, under: `${shown.id}` });
});

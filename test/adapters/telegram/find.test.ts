/** A message that was perhaps shown is found again by editing it, and nothing else is touched by the search. */
import { describe, expect, test } from "vitest";
import { instant } from "../../../src/core/kernel/time.ts";
import { manualTime } from "../../kit/manual-time.ts";
import { find, HEAD, KILLED, lost } from "./doubt.ts";
import {
  ANA,
  ANAS,
  ANAS_ROOM,
  BASIC_ROOM,
  calls,
  card,
  passUntil,
  type Rig,
  rig,
  row,
  SUPER,
  SUPER_ROOM,
  TOPIC_5,
  until,
} from "./rig.ts";

const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const texts = (scene: Rig, chat: number): readonly string[] =>
  scene.fake.said(chat).map(({ text }) => text);

const shownAs = (scene: Rig, chat: number) => ({
  kind: "shown",
  messageId: `${scene.fake.said(chat).at(-1)?.id}`,
});

describe.each([
  ["a private chat", ANAS_ROOM, 4242],
  ["a basic group", BASIC_ROOM, -77],
  ["a supergroup", SUPER_ROOM, -1001234567890],
  ["a topic", TOPIC_5, -1001234567890],
] as const)("in %s", (_, room, chat) => {
  test("a message whose answer was lost is shown, untouched", async () => {
    const scene = await rig();
    const doubtful = await lost(scene, { kind: "drop-after" }, { room });
    expect(await find(scene, doubtful)).toEqual(shownAs(scene, chat));
    expect(scene.fake.said(chat).map(({ edits }) => edits)).toEqual([0, 0]);
    expect(calls(scene.fake, "editMessageText")).toBe(1);
    expect(scene.fake.violations).toEqual([]);
  });

  test("a message that never arrived is absent, and no other message is touched", async () => {
    const scene = await rig();
    const doubtful = await lost(scene, { kind: "drop-before" }, { room });
    expect(await find(scene, doubtful)).toEqual({ kind: "absent" });
    expect(scene.fake.said(chat).map(({ edits }) => edits)).toEqual([0]);
    expect(calls(scene.fake, "editMessageText")).toBe(12);
  });
});

describe("among other messages", () => {
  test("those of people, told or not, are passed over", async () => {
    const scene = await rig();
    scene.telegram.ears.start(scene.ear);
    const doubtful = await lost(scene, { kind: "drop-before" }, { room: SUPER_ROOM });
    const { messenger } = scene.telegram;
    for (let i = 0; i < 20; i += 1) scene.fake.says(ANA, SUPER, `talk ${i}`);
    await until(() => scene.ear.arrivals.length === 20);
    scene.fake.says(ANA, SUPER, "not told yet");
    scene.fake.fault("sendMessage", { kind: "drop-after" });
    await messenger.send(doubtful, HEAD);
    expect(await find(scene, doubtful)).toEqual(shownAs(scene, -1001234567890));
  });

  test("those of ours are never made into it, in this run", async () => {
    const scene = await rig();
    const doubtful = await lost(scene, { kind: "drop-before" });
    for (const headline of ["a", "b"]) {
      await scene.telegram.messenger.send(row({ card: card(headline) }), HEAD);
    }
    expect(await find(scene, doubtful)).toEqual({ kind: "absent" });
    expect(texts(scene, 4242)).toEqual(
      ["before", "a", "b"].map((headline) => `LIVE nyc1 · ${headline} #F7A3`),
    );
  });

  test("those of ours are never made into it, after a restart that recalls them", async () => {
    const scene = await rig();
    const doubtful = await lost(scene, { kind: "drop-before" });
    const ids: string[] = [];
    for (const headline of ["a", "b"]) {
      const sent = await scene.telegram.messenger.send(row({ card: card(headline) }), HEAD);
      if (sent.kind === "sent") ids.push(sent.messageId);
    }
    const telegram = scene.again();
    telegram.messenger.recall?.(ANAS_ROOM, ids);
    expect(await find({ telegram }, doubtful)).toEqual({ kind: "absent" });
    expect(scene.fake.said(4242).map(({ edits }) => edits)).toEqual([0, 0, 0]);
  });

  test("one that was absent, is sent again, and whose answer is lost, is found", async () => {
    const scene = await rig();
    const doubtful = await lost(scene, { kind: "drop-before" });
    expect(await find(scene, doubtful)).toEqual({ kind: "absent" });
    scene.fake.fault("sendMessage", { kind: "drop-after" });
    expect((await scene.telegram.messenger.send(doubtful, HEAD)).kind).toBe("ambiguous");
    expect(await find(scene, doubtful)).toEqual(shownAs(scene, 4242));
  });

  test("after a restart what was shown is found by the mark alone", async () => {
    const scene = await rig();
    const doubtful = await lost(scene, { kind: "drop-after" });
    const telegram = scene.again();
    expect(await find({ telegram }, doubtful)).toEqual(shownAs(scene, 4242));
  });

  test("those of other chats of the same count are no trace of it", async () => {
    const scene = await rig();
    const doubtful = await lost(scene, { kind: "drop-after" });
    const elsewhere = row({ room: BASIC_ROOM, card: KILLED });
    await scene.telegram.messenger.send(elsewhere, HEAD);
    expect(await find(scene, doubtful)).toEqual(shownAs(scene, 4242));
    expect(scene.fake.said(-77)).toMatchObject([{ edits: 0 }]);
  });

  test("one that people pressed before it was found is still found", async () => {
    const scene = await rig();
    scene.telegram.ears.start(scene.ear);
    const doubtful = await lost(scene, { kind: "drop-after" });
    const shown = scene.fake.said(4242).at(-1);
    if (shown) scene.fake.presses(ANA, shown, "Flatten");
    await until(() => scene.ear.arrivals.length === 1);
    expect(await find(scene, doubtful)).toEqual(shownAs(scene, 4242));
  });

  test("more of them than can be looked at leave it unknown", async () => {
    const scene = await rig();
    const doubtful = await lost(scene, { kind: "drop-before" });
    scene.telegram.messenger.recall?.(ANAS_ROOM, ["175"]);
    expect(await find(scene, doubtful)).toMatchObject({ kind: "unknown", afterMs: null });
    expect(calls(scene.fake, "editMessageText")).toBe(60);
  });
});

test("a picture that was shown is found by its caption, and as text where it was refused", async () => {
  const picture = { png: PNG, alt: "" };
  const scene = await rig();
  const doubtful = await lost(scene, { kind: "drop-after" }, { card: card("day", { picture }) });
  expect(await find(scene, doubtful)).toEqual(shownAs(scene, 4242));
  scene.fake.fault("sendPhoto", { kind: "400", description: "IMAGE_PROCESS_FAILED" });
  scene.fake.fault("sendMessage", { kind: "drop-after" });
  const mark = scene.telegram.messenger.mark?.(ANAS_ROOM) ?? null;
  const again = row({ card: card("week", { picture }), mark });
  expect((await scene.telegram.messenger.send(again, HEAD)).kind).toBe("ambiguous");
  expect(await find(scene, again)).toEqual(shownAs(scene, 4242));
  expect(scene.fake.said(4242).map(({ edits }) => edits)).toEqual([0, 0, 0]);
});

test("an edit of uncertain fate is found where it was to be, or where it was told anew", async () => {
  const scene = await rig();
  const doubtful = await lost(scene, { kind: "drop-after" });
  const first = `${scene.fake.said(4242).at(-1)?.id}`;
  const edit = { ...doubtful, edit: true, card: card("edited") };
  expect(await find(scene, { ...edit, messageId: first })).toEqual({
    kind: "shown",
    messageId: first,
  });
  expect(texts(scene, 4242).at(-1)).toBe("LIVE nyc1 · edited #F7A3");
  const gone = { ...doubtful, edit: true, messageId: "99999" };
  const scene2 = await rig();
  const again = await lost(scene2, { kind: "drop-after" });
  expect(await find(scene2, { ...gone, mark: again.mark })).toEqual(shownAs(scene2, 4242));
});

describe("no evidence is not proof", () => {
  test.each([
    ["429", { kind: "429", retryAfter: 9 }, 9000],
    ["an error of the server", { kind: "500" }, 2000],
    ["a reset", { kind: "drop-before" }, 2000],
    ["a refusal to be spoken to", { kind: "403" }, null],
    ["words that mean something else", { kind: "400", description: "what is that" }, null],
  ] as const)("%s leaves it unknown", async (_, fault, afterMs) => {
    const scene = await rig();
    const doubtful = await lost(scene, { kind: "drop-after" });
    scene.fake.fault("editMessageText", fault);
    expect(await find(scene, doubtful)).toMatchObject({ kind: "unknown", afterMs });
    expect(await find(scene, doubtful)).toEqual(shownAs(scene, 4242));
  });

  test("a search that was interrupted goes on where it was", async () => {
    const scene = await rig();
    const doubtful = await lost(scene, { kind: "drop-before" });
    scene.telegram.ears.start(scene.ear);
    for (let i = 0; i < 10; i += 1) scene.fake.says(ANA, ANAS, "x");
    await until(() => scene.ear.arrivals.length === 10);
    scene.fake.fault("editMessageText", { kind: "429", retryAfter: 1 });
    expect((await find(scene, doubtful))?.kind).toBe("unknown");
    const before = calls(scene.fake, "editMessageText");
    expect(await find(scene, doubtful)).toEqual({ kind: "absent" });
    expect(calls(scene.fake, "editMessageText") - before).toBe(12);
  });

  test("nothing known from before leaves it unknown for ever", async () => {
    const scene = await rig();
    expect(scene.telegram.messenger.mark?.(ANAS_ROOM)).toBeNull();
    expect(await find(scene, row({ card: KILLED, mark: null }))).toMatchObject({
      kind: "unknown",
      afterMs: null,
    });
    expect(calls(scene.fake, "editMessageText")).toBe(0);
  });

  test("a group that moved meanwhile leaves it unknown", async () => {
    const scene = await rig();
    const doubtful = await lost(scene, { kind: "drop-after" }, { room: BASIC_ROOM });
    scene.fake.migrate(-77, -1009876543210);
    expect(await find(scene, doubtful)).toMatchObject({ kind: "unknown", afterMs: null });
    expect(await find(scene, doubtful)).toMatchObject({ kind: "unknown", afterMs: null });
  });

  test("silence ends the search in time", async () => {
    const time = manualTime(instant(1_700_000_000_000));
    const scene = await rig({ time });
    const doubtful = await lost(scene, { kind: "drop-after" });
    scene.fake.fault("editMessageText", { kind: "hang" });
    let found: unknown = null;
    void find(scene, doubtful).then((told) => {
      found = told;
    });
    await passUntil(time, 1000, () => found !== null);
    expect(found).toMatchObject({ kind: "unknown", afterMs: 2000 });
  });
});

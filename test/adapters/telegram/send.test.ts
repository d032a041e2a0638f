import { describe, expect, test } from "vitest";
import type { Button } from "../../../src/chat/card.ts";
import { confirmationId, roomId } from "../../../src/core/kernel/ids.ts";
import type { Delivery } from "../../../src/ports/deliveries.ts";
import type { TelegramFault } from "../../kit/telegram-fake.ts";
import { ANAS_ROOM, BASIC_ROOM, calls, card, rig, row, SUPER_ROOM, TOPIC_5 } from "./rig.ts";

const HEAD = "LIVE nyc1";
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const CONFIRM: Button = {
  ...{ label: "Confirm K7QF", line: "/confirm K7QF", danger: false },
  answers: { confirmation: confirmationId("conf-1"), verb: "confirm" },
};
const picture = { png: PNG, alt: "a chart" };

async function sent(of: Partial<Delivery> & Pick<Delivery, "card">, faults: TelegramFault[] = []) {
  const scene = await rig();
  for (const fault of faults) scene.fake.fault("*", fault);
  return { ...scene, outcome: await scene.telegram.messenger.send(row(of), HEAD) };
}

describe("a new message", () => {
  test("rings, shows no link preview, and has its buttons", async () => {
    const { fake, outcome } = await sent({ card: card("SAME", { buttons: [CONFIRM] }) });
    const [shown] = fake.said(4242);
    expect(outcome).toEqual({ kind: "sent", messageId: `${shown?.id}` });
    expect(shown).toMatchObject({
      text: "LIVE nyc1 · SAME #F7A3",
      silent: false,
      replyTo: null,
      buttons: [[{ label: "Confirm K7QF", data: "c1.conf-1confirm___.c" }]],
    });
    expect(fake.frames[0]?.payload).toMatchObject({ link_preview_options: { is_disabled: true } });
    expect(fake.violations).toEqual([]);
  });

  test("in the info lane rings nobody", async () => {
    const { fake } = await sent({ lane: "info", card: card("quiet") });
    expect(fake.said(4242)[0]?.silent).toBe(true);
  });

  test("goes to the topic of its room, as a reply to its root", async () => {
    const { fake, telegram } = await rig();
    const root = await telegram.messenger.send(row({ room: TOPIC_5, card: card("root") }), HEAD);
    const rootId = root.kind === "sent" ? root.messageId : null;
    await telegram.messenger.send(row({ room: TOPIC_5, rootId, card: card("under") }), HEAD);
    const [first, second] = fake.said(-1001234567890, 5);
    expect(second).toMatchObject({ topic: 5, replyTo: first?.id });
  });

  test("whose root is gone, or no number, stands for itself", async () => {
    const { fake, telegram } = await rig();
    for (const rootId of ["987654", "console:3", "0"]) {
      const outcome = await telegram.messenger.send(row({ rootId, card: card("x") }), HEAD);
      expect(outcome.kind).toBe("sent");
    }
    expect(fake.said(4242).map(({ replyTo }) => replyTo)).toEqual([null, null, null]);
    expect(fake.violations).toEqual([]);
  });

  test("with a picture has its lines as the caption, bytes untouched", async () => {
    const { fake } = await sent({ card: card("the day", { picture, lines: ["4 fills"] }) });
    const [shown] = fake.said(4242);
    expect(shown?.text).toBe("LIVE nyc1 · the day\n4 fills #F7A3");
    expect(Buffer.from(shown?.photo ?? []).toString("base64")).toBe(PNG);
    expect(fake.violations).toEqual([]);
  });

  test("whose picture is refused comes as text", async () => {
    const refused = { kind: "400", description: "PHOTO_INVALID_DIMENSIONS" } as const;
    const { fake, outcome } = await sent({ card: card("the day", { picture }) }, [refused]);
    expect(outcome.kind).toBe("sent");
    expect(fake.said(4242)).toMatchObject([{ text: "LIVE nyc1 · the day #F7A3", photo: null }]);
  });

  test("whose picture is no picture comes as text", async () => {
    const broken = { png: Buffer.from("not a png").toString("base64"), alt: "" };
    const { fake, outcome } = await sent({ card: card("the day", { picture: broken }) });
    expect(outcome.kind).toBe("sent");
    expect(fake.said(4242)).toMatchObject([{ photo: null }]);
  });
});

describe("an edit", () => {
  async function scene(first: Partial<Delivery> = {}) {
    const opened = await rig();
    const base = { card: card("KILL · 1/9 closed", { buttons: [CONFIRM] }), ...first };
    const outcome = await opened.telegram.messenger.send(row(base), HEAD);
    if (outcome.kind !== "sent") throw new Error(outcome.kind);
    return { ...opened, messageId: outcome.messageId };
  }

  test("changes the message in place, and takes away buttons that are no more", async () => {
    const { fake, telegram, messageId } = await scene();
    const next = row({ edit: true, messageId, card: card("KILLED · 9/9") });
    expect(await telegram.messenger.send(next, HEAD)).toEqual({ kind: "sent", messageId });
    expect(fake.said(4242)).toMatchObject([
      { text: "LIVE nyc1 · KILLED · 9/9 #F7A3", buttons: [], edits: 1 },
    ]);
    expect(fake.violations).toEqual([]);
  });

  test("that changes nothing is done", async () => {
    const { fake, telegram, messageId } = await scene();
    const same = row({
      ...{ edit: true, messageId },
      card: card("KILL · 1/9 closed", { buttons: [CONFIRM] }),
    });
    expect(await telegram.messenger.send(same, HEAD)).toEqual({ kind: "sent", messageId });
    expect(fake.said(4242)).toMatchObject([{ edits: 0 }]);
  });

  test("whose message is gone and whose new message is lost on the way is looked for as a new one", async () => {
    const { fake, telegram } = await rig();
    fake.fault("editMessageText", {
      kind: "400",
      description: "Bad Request: message to edit not found",
    });
    fake.fault("sendMessage", { kind: "drop-after" });
    const edit = row({ edit: true, messageId: "77", card: card("KILLED") });
    expect(await telegram.messenger.send(edit, HEAD)).toMatchObject({
      kind: "ambiguous",
      anew: true,
    });
  });

  test.each(["message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID"])(
    "refused with '%s' becomes a new message",
    async (description) => {
      const { fake, telegram, messageId } = await scene();
      fake.fault("editMessageText", { kind: "400", description });
      const next = row({ edit: true, messageId, card: card("KILLED") });
      const outcome = await telegram.messenger.send(next, HEAD);
      const [, second] = fake.said(4242);
      expect(outcome).toEqual({ kind: "sent", messageId: `${second?.id}` });
      expect(second?.text).toBe("LIVE nyc1 · KILLED #F7A3");
    },
  );

  test("whose news a new message tells as well is never a new message", async () => {
    const { fake, telegram } = await scene();
    const echo = { ...card("EXPIRED"), echo: true };
    for (const messageId of ["987654", null]) {
      const outcome = await telegram.messenger.send(
        row({ edit: true, messageId, card: echo }),
        HEAD,
      );
      expect(outcome.kind).toBe("sent");
    }
    expect(fake.said(4242)).toHaveLength(1);
  });

  test("of a picture changes its caption", async () => {
    const { fake, telegram, messageId } = await scene({ card: card("the day", { picture }) });
    const next = row({ edit: true, messageId, card: card("the day, again", { picture }) });
    expect((await telegram.messenger.send(next, HEAD)).kind).toBe("sent");
    expect(fake.said(4242)).toMatchObject([{ text: "LIVE nyc1 · the day, again #F7A3", edits: 1 }]);
  });

  test("goes through whether or not there is a picture where one was thought of", async () => {
    const { fake, telegram, messageId } = await scene();
    const on = row({ edit: true, messageId, card: card("now drawn", { picture }) });
    expect(await telegram.messenger.send(on, HEAD)).toEqual({ kind: "sent", messageId });
    const drawn = await telegram.messenger.send(row({ card: card("p", { picture }) }), HEAD);
    const off = row({
      ...{ edit: true, card: card("words only") },
      messageId: drawn.kind === "sent" ? drawn.messageId : null,
    });
    expect(await telegram.messenger.send(off, HEAD)).toEqual(drawn);
    expect(fake.said(4242).map(({ text }) => text)).toEqual([
      "LIVE nyc1 · now drawn #F7A3",
      "LIVE nyc1 · words only #F7A3",
    ]);
  });

  test.each([
    [
      { kind: "429", retryAfter: 7 },
      { kind: "not-sent", afterMs: 7000 },
    ],
    [{ kind: "500" }, { kind: "ambiguous" }],
    [{ kind: "drop-before" }, { kind: "ambiguous" }],
  ] as const)(
    "that fails with %o is told as it is, and nothing new is sent",
    async (fault, told) => {
      const { fake, telegram, messageId } = await scene();
      fake.fault("editMessageText", fault);
      const next = row({ edit: true, messageId, card: card("KILLED") });
      expect(await telegram.messenger.send(next, HEAD)).toMatchObject(told);
      expect(fake.said(4242)).toHaveLength(1);
    },
  );
});

describe("a group that became a supergroup", () => {
  const NEW = -1009876543210;

  test("is followed in the same call, and from then on at once", async () => {
    const { fake, telegram, log } = await rig();
    fake.migrate(-77, NEW);
    for (const headline of ["first", "second"]) {
      const next = row({ room: BASIC_ROOM, card: card(headline) });
      expect((await telegram.messenger.send(next, HEAD)).kind).toBe("sent");
    }
    expect(fake.said(NEW).map(({ text }) => text)).toEqual([
      "LIVE nyc1 · first #F7A3",
      "LIVE nyc1 · second #F7A3",
    ]);
    expect(calls(fake, "sendMessage")).toBe(3);
    expect(log.sentences.join()).toContain("put its new id");
  });

  test("leaves its messages behind: they are neither edited nor replied to where they are not", async () => {
    const { fake, telegram } = await rig();
    const before = row({ room: BASIC_ROOM, card: card("before") });
    const old = await telegram.messenger.send(before, HEAD);
    const messageId = old.kind === "sent" ? old.messageId : null;
    fake.migrate(-77, NEW);
    const after = row({ room: BASIC_ROOM, edit: true, messageId, card: card("after") });
    const anew = await telegram.messenger.send(after, HEAD);
    expect(anew).toEqual({ kind: "sent", messageId: `${NEW}/${fake.said(NEW)[0]?.id}` });
    const rootId = anew.kind === "sent" ? anew.messageId : null;
    await telegram.messenger.send(row({ room: BASIC_ROOM, rootId, card: card("reply") }), HEAD);
    await telegram.messenger.send(
      row({ room: BASIC_ROOM, rootId: messageId, card: card("no reply") }),
      HEAD,
    );
    const [first, second, third] = fake.said(NEW);
    expect([second?.replyTo, third?.replyTo]).toEqual([first?.id, null]);
  });
});

describe("a room that will not have us", () => {
  test("is lost once, and back with the first message that gets through", async () => {
    const { fake, telegram, notices } = await rig();
    fake.block(4242, true);
    const say = () => telegram.messenger.send(row({ card: card("x") }), HEAD);
    expect((await say()).kind).toBe("refused");
    expect((await say()).kind).toBe("refused");
    expect(notices).toEqual([
      { kind: "lost", platform: "telegram", room: ANAS_ROOM, why: expect.stringContaining("403") },
    ]);
    fake.block(4242, false);
    await say();
    await say();
    expect(notices.slice(1)).toEqual([{ kind: "back", platform: "telegram", room: ANAS_ROOM }]);
  });

  test("is lost when nobody knows it, or when nothing may be written there", async () => {
    const { fake, telegram, notices } = await rig();
    const nowhere = roomId("telegram:-555");
    await telegram.messenger.send(row({ room: nowhere, card: card("x") }), HEAD);
    fake.fault("sendMessage", {
      kind: "400",
      description: "not enough rights to send text messages",
    });
    await telegram.messenger.send(row({ room: SUPER_ROOM, card: card("x") }), HEAD);
    expect(notices).toMatchObject([
      { kind: "lost", room: nowhere },
      { kind: "lost", room: SUPER_ROOM },
    ]);
  });
});

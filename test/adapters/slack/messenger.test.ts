import { expect, test } from "vitest";
import { button, card } from "../../../src/chat/compose.ts";
import type { SlackFault } from "../../kit/slack-fake.ts";
import { ANA, ANAS, CARD, OPS } from "./rig.ts";
import { scene } from "./scene.ts";

const FIRST = "LIVE nyc1 · BUY filled 0.00152 BTC @ 65,084.10";
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const at = scene();

test("a message stands in its channel with its buttons and its name, and nothing of it is parsed or unfurled", async () => {
  const buttons = [button("Position", "/positions"), button("Kill…", "/kill", true)];
  const sent = await at.send({ dedupe: "fill:1", card: { ...CARD, buttons } });
  const [message] = at.fake.said(OPS);
  expect(sent).toEqual({ kind: "sent", messageId: message?.ts });
  expect(message).toMatchObject({
    text: FIRST,
    plain: `*${FIRST}*\n$98.93 + fee $0.59\nDay -$3.10 of -$150\n#F7A3`,
    threadTs: null,
    metadata: { event_type: "claudbot_message", event_payload: { id: "fill:1" } },
    buttons: [
      { label: "Position", value: "/positions", actionId: "cb:0", confirm: false },
      { label: "Kill…", value: "/kill", actionId: "cb:1", confirm: true },
    ],
  });
  expect(at.posted()[0]?.payload).toMatchObject({
    ...{ parse: "none", link_names: false, unfurl_links: false, unfurl_media: false },
    mrkdwn: false,
  });
  expect(at.opened.health).toEqual(["alive"]);
});

test("the room of a person is their direct messages, looked up once", async () => {
  await at.send({ room: ANAS });
  await at.send({ room: ANAS });
  expect(at.fake.said(at.fake.dm(ANA))).toHaveLength(2);
  expect(at.fake.frames.filter(({ method }) => method === "conversations.open")).toHaveLength(1);
});

test("an edit changes the message, takes its buttons away when it has none, and finds it after a restart", async () => {
  const messageId = await at.sent({
    room: ANAS,
    card: { ...CARD, buttons: [button("x", "/status")] },
  });
  await at.restart();
  const again = card({ headline: "later", lines: [], event: "F7A4" });
  const edit = { room: ANAS, edit: true, messageId, card: again, dedupe: "edit:1" };
  expect(await at.sent(edit)).toBe(messageId);
  const [message, ...others] = at.fake.said(at.fake.dm(ANA));
  expect(others).toEqual([]);
  expect(message).toMatchObject({ plain: "*LIVE nyc1 · later*\n#F7A4", buttons: [], edits: 1 });
  expect(message?.metadata).toMatchObject({ event_payload: { id: "edit:1" } });
});

test("a message that is gone is sent anew instead of edited, unless a message of its own says the same", async () => {
  const gone = { edit: true, messageId: "1794506825.000100" };
  expect(await at.send({ ...gone, card: { ...CARD, echo: true } })).toEqual({
    kind: "sent",
    messageId: gone.messageId,
  });
  expect(at.fake.said(OPS)).toEqual([]);
  const sent = await at.send(gone);
  expect(sent).toEqual({ kind: "sent", messageId: at.fake.said(OPS)[0]?.ts });
});

test("an echo of news that never had a message is not shown at all", async () => {
  expect(await at.send({ edit: true, card: { ...CARD, echo: true } })).toMatchObject({
    kind: "sent",
  });
  expect(at.fake.frames).toEqual([]);
});

test("an outcome stands in the thread of its root, and in the room as well when it is critical", async () => {
  const rootId = await at.sent();
  await at.send({ rootId });
  await at.send({ rootId, lane: "critical" });
  await at.send({ rootId: "none:7" });
  expect(at.fake.said(OPS).map(({ threadTs, broadcast }) => [threadTs, broadcast])).toEqual([
    [null, false],
    [rootId, false],
    [rootId, true],
    [null, false],
  ]);
});

test("a thread that cannot be answered in is left, and the message stands in the room", async () => {
  at.fake.fault("chat.postMessage", { kind: "error", error: "thread_not_found" });
  expect(await at.send({ rootId: "1794506825.000100" })).toMatchObject({ kind: "sent" });
  expect(at.fake.said(OPS).map(({ threadTs }) => threadTs)).toEqual([null]);
});

test("a picture follows its message into the thread", async () => {
  const picture = { png: PNG, alt: "equity" };
  await at.send({ card: { ...CARD, picture } });
  const [message, reply] = at.fake.said(OPS);
  expect(reply).toMatchObject({ threadTs: message?.ts, files: [expect.any(String)] });
  const upload = at.fake.frames.find(({ method }) => method === "files.getUploadURLExternal");
  expect(upload?.payload).toMatchObject({ alt_text: "equity", filename: "chart.png" });
});

test.each<[string, SlackFault]>([
  ["files.getUploadURLExternal", { kind: "error", error: "missing_scope" }],
  ["files.getUploadURLExternal", { kind: "drop-before" }],
  ["upload", { kind: "500" }],
  ["files.completeUploadExternal", { kind: "drop-after" }],
])("a picture that fails at %s (%j) changes nothing about its message", async (method, fault) => {
  at.fake.fault(method, fault);
  const sent = await at.send({ card: { ...CARD, picture: { png: PNG, alt: "equity" } } });
  expect(sent).toEqual({ kind: "sent", messageId: at.fake.said(OPS)[0]?.ts });
  expect(at.opened.logged.join()).toContain("a picture could not be shown");
  expect(at.opened.health).toEqual(["alive"]);
});

test("a product whose name is all markup is shown as it is named", async () => {
  const name = "EV<IL&_*~`>-USD";
  const nasty = card({
    headline: `BUY ${name}`,
    lines: [name, `<!channel> ${name}`],
    buttons: [button(name, `/fills ${name}`, true)],
    event: "F7A3",
  });
  await at.send({ card: nasty });
  const [message] = at.fake.said(OPS);
  expect(message?.plain).toBe(
    [`LIVE nyc1 · BUY ${name}`, name, `<!channel> ${name}`, "#F7A3"].join("\n"),
  );
  expect(message?.buttons[0]).toMatchObject({ label: name, value: `/fills ${name}` });
});

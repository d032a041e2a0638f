import { expect, test } from "vitest";
import { instant } from "../../../src/core/kernel/time.ts";
import { SLACK_BOT_TOKEN, type SlackFault } from "../../kit/slack-fake.ts";
import { ANA, ear, OPS, until } from "./rig.ts";
import { HEADING, refusal, scene, uncertain } from "./scene.ts";

const at = scene();

test("a message whose answer was lost is found by the name it carries, also among many", async () => {
  at.fake.fault("chat.postMessage", { kind: "drop-after" });
  const row = uncertain({ dedupe: "fill:9" });
  expect(await at.opened.slack.messenger.send(row, HEADING)).toMatchObject({ kind: "ambiguous" });
  for (let count = 0; count < 120; count += 1) at.fake.writes(ANA, OPS, "talk");
  expect(await at.find(row)).toEqual({ kind: "shown", messageId: at.fake.said(OPS)[0]?.ts });
});

test("a message that never arrived is proved absent, but not while it may still be on its way", async () => {
  const row = uncertain();
  expect(await at.find(row)).toEqual({ kind: "absent" });
  at.fake.fault("chat.postMessage", { kind: "drop-before" });
  await at.opened.slack.messenger.send(row, HEADING);
  const early = await at.find(row);
  expect(early).toMatchObject({ kind: "unknown", why: "too early to tell" });
  expect(early?.kind === "unknown" && early.afterMs).toBeGreaterThan(1_000);
});

test("a reply is looked for in its thread, and in the room when the thread is not there", async () => {
  const rootId = await at.sent();
  const row = uncertain({ rootId });
  const sent = await at.opened.slack.messenger.send(row, HEADING);
  expect(await at.find(row)).toEqual({
    kind: "shown",
    messageId: sent.kind === "sent" && sent.messageId,
  });
  expect(await at.find(uncertain({ rootId }))).toEqual({ kind: "absent" });
  const stray = uncertain({ rootId: "1794506825.000100" });
  at.fake.fault("chat.postMessage", refusal("thread_not_found"));
  const there = await at.opened.slack.messenger.send(stray, HEADING);
  expect(await at.find(stray)).toMatchObject({
    kind: "shown",
    messageId: there.kind === "sent" && there.messageId,
  });
});

test("what a locked thread did not take is found in the room, though the thread is there", async () => {
  const rootId = await at.sent();
  const row = uncertain({ rootId });
  at.fake.fault("chat.postMessage", refusal("restricted_action_thread_locked"));
  const sent = await at.opened.slack.messenger.send(row, HEADING);
  expect(await at.find(row)).toEqual({
    kind: "shown",
    messageId: sent.kind === "sent" && sent.messageId,
  });
});

test("an edit is looked for at the message it changes, however old that is", async () => {
  const messageId = await at.sent();
  const row = uncertain({ edit: true, messageId });
  // By our clock the attempt was long after the message was written.
  expect(await at.find(row)).toEqual({ kind: "absent" });
  await at.opened.slack.messenger.send(row, HEADING);
  const late = { ...row, attemptedAt: instant(row.at + 3_600_000) };
  expect(await at.find(late)).toEqual({ kind: "shown", messageId });
});

test("a room in which too much was said since gives no proof", async () => {
  for (let count = 0; count < 301; count += 1) at.fake.writes(ANA, OPS, "talk");
  expect(await at.find(uncertain())).toMatchObject({ kind: "unknown", afterMs: null });
  expect(at.fake.frames).toHaveLength(3);
});

test.each<[SlackFault, object]>([
  [{ kind: "429", retryAfter: 4 }, { afterMs: 4_000 }],
  [{ kind: "500" }, { afterMs: 5_000 }],
  [{ kind: "garbage" }, { afterMs: 5_000 }],
  [{ kind: "drop-before" }, { afterMs: 5_000 }],
  [refusal("invalid_auth"), { afterMs: 30_000 }],
  [{ kind: "error", error: "missing_scope", needed: "channels:history" }, { afterMs: null }],
  [refusal("channel_not_found"), { afterMs: null }],
])("after %j nothing is known of a message, and when to ask again is %j", async (fault, known) => {
  at.fake.fault("conversations.history", fault);
  expect(await at.find(uncertain())).toMatchObject({ kind: "unknown", ...known });
});

test("when Slack does not tell what our messages carry, their absence proves nothing", async () => {
  at.opened.slack.ears.start(ear());
  await until(() => at.opened.health.includes("alive") && at.fake.connections === 1);
  const row = uncertain();
  expect(await at.find(row)).toEqual({ kind: "absent" });
  await fetch(`${at.fake.url}chat.postMessage`, {
    method: "POST",
    headers: { authorization: `Bearer ${SLACK_BOT_TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ channel: OPS, text: "ours, without its name" }),
  });
  expect(await at.find(row)).toMatchObject({ kind: "unknown", afterMs: null });
});

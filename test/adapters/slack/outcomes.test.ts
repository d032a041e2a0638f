import { expect, test } from "vitest";
import { netTransport } from "../../../src/adapters/net/net-transport.ts";
import { fetchOver } from "../../../src/adapters/net/transport-fetch.ts";
import { card } from "../../../src/chat/compose.ts";
import type { SlackFault } from "../../kit/slack-fake.ts";
import { ANAS, delivery, OPS, open, ROOM, settingsOf } from "./rig.ts";
import { HEADING, refusal, scene } from "./scene.ts";

const FIRST = "LIVE nyc1 · BUY filled 0.00152 BTC @ 65,084.10";
const LOST = { kind: "lost", platform: "slack", room: ROOM };

const at = scene();

test.each<[SlackFault, object, string]>([
  [{ kind: "429", retryAfter: 7 }, { kind: "not-sent", afterMs: 7_000 }, "alive"],
  [refusal("ratelimited"), { kind: "not-sent", afterMs: 30_000 }, "alive"],
  [refusal("invalid_auth"), { kind: "not-sent", afterMs: 1_000 }, "lasting: invalid_auth"],
  [refusal("token_revoked"), { kind: "not-sent", afterMs: 1_000 }, "lasting: token_revoked"],
  [refusal("account_inactive"), { kind: "not-sent", afterMs: 1_000 }, "lasting: account_inactive"],
  [refusal("not_authed"), { kind: "not-sent", afterMs: 1_000 }, "lasting: not_authed"],
  [refusal("no_text"), { kind: "refused", why: "no_text" }, "alive"],
  [refusal("internal_error"), { kind: "ambiguous" }, "failing: internal_error"],
  [refusal("fatal_error"), { kind: "ambiguous" }, "failing: fatal_error"],
  [refusal("service_unavailable"), { kind: "ambiguous" }, "failing: service_unavailable"],
  [{ kind: "500" }, { kind: "ambiguous" }, "failing: http 500"],
  [{ kind: "drop-before" }, { kind: "ambiguous" }, "failing: no answer"],
  [{ kind: "drop-after" }, { kind: "ambiguous" }, "failing: no answer"],
  [{ kind: "garbage" }, { kind: "ambiguous" }, "failing: an answer that is not Slack's"],
])("after %j a message is %j, and Slack is %s", async (fault, outcome, health) => {
  at.fake.fault("chat.postMessage", fault, Number.POSITIVE_INFINITY);
  expect(await at.send()).toMatchObject(outcome);
  expect(at.posted()).toHaveLength(1);
  expect(at.opened.health.at(-1)).toBe(health);
  expect(at.opened.notes).toEqual([]);
});

test("an answer that does not come leaves a message ambiguous, executed or not", async () => {
  const transport = netTransport();
  const impatient = open(settingsOf(at.fake), { fetch: fetchOver(transport, 200) });
  at.fake.fault("chat.postMessage", { kind: "hang" });
  at.fake.fault("chat.postMessage", { kind: "hang-after" });
  for (const _ of [1, 2]) {
    expect(await impatient.slack.messenger.send(delivery(), HEADING)).toMatchObject({
      kind: "ambiguous",
    });
  }
  expect(at.fake.said(OPS)).toHaveLength(1);
  await impatient.close();
  await transport.close();
});

test("a Slack that is not reached has shown nothing, and is tried again soon", async () => {
  await at.fake.down(true);
  expect(await at.send()).toEqual({ kind: "not-sent", why: "not reached", afterMs: 1_000 });
  expect(await at.send({ room: ANAS })).toMatchObject({ kind: "not-sent", afterMs: 1_000 });
  expect(at.opened.health).toEqual(["failing: not reached"]);
});

test("not even the channel of direct messages known: nothing can have been shown, whatever happened", async () => {
  at.fake.fault("conversations.open", { kind: "drop-after" });
  expect(await at.send({ room: ANAS })).toMatchObject({ kind: "not-sent" });
  expect(at.posted()).toEqual([]);
});

test.each(["channel_not_found", "not_in_channel", "is_archived"])(
  "a room that answers %s is told lost once, and back when it can be reached again",
  async (code) => {
    at.fake.fault("chat.postMessage", refusal(code), 2);
    expect(await at.send()).toEqual({ kind: "refused", why: code });
    expect(await at.send()).toEqual({ kind: "refused", why: code });
    expect(at.opened.notes).toEqual([{ ...LOST, why: code }]);
    expect(await at.send()).toMatchObject({ kind: "sent" });
    expect(at.opened.notes.slice(1)).toEqual([{ kind: "back", platform: "slack", room: ROOM }]);
    expect(at.opened.health).toEqual(["alive"]);
  },
);

test("a token that may not speak loses the room and not all of Slack; the message waits for the scope", async () => {
  at.fake.fault("chat.postMessage", { kind: "error", error: "missing_scope" });
  expect(await at.send()).toMatchObject({ kind: "not-sent", why: "missing_scope" });
  expect(at.opened.notes).toEqual([{ ...LOST, why: "missing_scope" }]);
  expect(at.opened.health).toEqual([]);
  expect(await at.send()).toMatchObject({ kind: "sent" });
  expect(at.opened.notes.slice(1)).toEqual([{ kind: "back", platform: "slack", room: ROOM }]);
});

test("a person who is not there is a room that is lost", async () => {
  at.fake.fault("conversations.open", refusal("user_not_found"));
  expect(await at.send({ room: ANAS })).toEqual({ kind: "refused", why: "user_not_found" });
  expect(at.opened.notes).toEqual([{ ...LOST, room: ANAS, why: "user_not_found" }]);
});

test.each(["invalid_blocks", "msg_blocks_too_long", "msg_too_long"])(
  "blocks that answer %s are followed once by the same in plain words",
  async (code) => {
    at.fake.fault("chat.postMessage", refusal(code));
    expect(await at.send()).toMatchObject({ kind: "sent" });
    const [message] = at.fake.said(OPS);
    expect(message).toMatchObject({
      blocks: [],
      plain: `${FIRST}\n$98.93 + fee $0.59\nDay -$3.10 of -$150\n#F7A3`,
    });
    expect(message?.metadata).not.toBeNull();
    at.fake.fault("chat.postMessage", refusal(code), 2);
    expect(await at.send()).toEqual({ kind: "refused", why: code });
    expect(at.posted()).toHaveLength(4);
  },
);

test("an edit whose blocks are not taken becomes plain words without the old blocks", async () => {
  const sent = await at.send();
  at.fake.fault("chat.update", refusal("invalid_blocks"));
  const messageId = sent.kind === "sent" ? sent.messageId : "";
  expect(await at.send({ edit: true, messageId, card: card({ headline: "b" }) })).toEqual({
    kind: "sent",
    messageId,
  });
  expect(at.fake.said(OPS)).toMatchObject([{ blocks: [], plain: "LIVE nyc1 · b" }]);
});

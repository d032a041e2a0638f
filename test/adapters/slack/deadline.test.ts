import { expect, test } from "vitest";
import { card } from "../../../src/chat/compose.ts";
import type { Delivery } from "../../../src/ports/deliveries.ts";
import type { Sent } from "../../../src/ports/messenger.ts";
import { lineScene, refuse } from "./line-scene.ts";
import { ANAS, CARD, delivery } from "./rig.ts";
import { HEADING } from "./scene.ts";

const at = lineScene();

const after = (ms: number, answer: object): Promise<object> =>
  new Promise((resolve) => at.time.timers.after(ms, () => resolve(answer)));
const lost = (): never => {
  throw Object.assign(new TypeError("x"), { failed: "ambiguous" });
};
const methods = (): readonly string[] => at.asked.map(([method]) => method);

/** How a sending ended and after how long, within the time that a room waits for it. */
async function sending(of: Partial<Delivery>): Promise<readonly [Sent, number] | null> {
  const from = at.time.clock.now();
  let ended: readonly [Sent, number] | null = null;
  void at.slack.messenger.send(delivery({ at: from, ...of }), HEADING).then((sent) => {
    ended = [sent, at.time.clock.now() - from];
  });
  await at.time.pass(20_000);
  return ended;
}

test("no call is begun that may outlast the sending: then the message was not sent", async () => {
  at.answers["conversations.open"] = () => after(9_000, { ok: true, channel: { id: "D1" } });
  at.answers["chat.postMessage"] = () => after(9_000, { ok: true, ts: "1700000027.000100" });
  expect(await sending({ room: ANAS })).toEqual([
    { kind: "not-sent", why: "no time was left", afterMs: 1_000 },
    9_000,
  ]);
  expect(methods()).toEqual(["conversations.open"]);
  expect(await sending({ room: ANAS })).toMatchObject([{ kind: "sent" }, 9_000]);
});

test("a message that a slow Slack refuses is not tried in an easier way without the time for it", async () => {
  at.answers["chat.postMessage"] = () => after(8_500, refuse("thread_not_found")());
  expect(await sending({ rootId: "1700000000.000100" })).toMatchObject([
    { kind: "not-sent" },
    8_500,
  ]);
  expect(methods()).toEqual(["chat.postMessage"]);
});

test("the picture of a slow message is not waited for beyond the sending", async () => {
  at.answers["conversations.open"] = () => after(7_000, { ok: true, channel: { id: "D1" } });
  at.answers["chat.postMessage"] = () => after(9_000, { ok: true, ts: "1700000027.000100" });
  at.answers["files.getUploadURLExternal"] = () => after(9_000, refuse("internal_error")());
  const picture = { png: "AAAA", alt: "equity" };
  const ended = await sending({ room: ANAS, card: { ...CARD, picture } });
  expect(ended).toMatchObject([{ kind: "sent" }, 18_000]);
});

const GONE = "1700000000.000100";

/** Slack without the message that is to be edited: what is posted stays, and the answer to the first is lost. */
function forgetful(): { readonly id: string; texts: string[] }[] {
  const shown: { readonly id: string; texts: string[]; readonly metadata: unknown }[] = [];
  const ts = (index: number): string => `1794506825.00010${index}`;
  at.answers["chat.postMessage"] = (said) => {
    const metadata: unknown = JSON.parse(said.get("metadata") ?? "null");
    shown.push({ id: ts(shown.length), texts: [said.get("text") ?? ""], metadata });
    return shown.length === 1 ? lost() : { ok: true, ts: ts(shown.length - 1) };
  };
  at.answers["chat.update"] = (said) => {
    const found = shown.find(({ id }) => id === said.get("ts"));
    found?.texts.push(said.get("text") ?? "");
    return found ? { ok: true, ts: found.id } : refuse("message_not_found")();
  };
  at.answers["conversations.history"] = () => ({
    ok: true,
    messages: shown.map(({ id, metadata }) => ({ ts: id, metadata })),
  });
  return shown;
}

test("an edit that was perhaps posted anew in the place of a message that is gone is never posted twice", async () => {
  const shown = forgetful();
  const row = { ...delivery(), edit: true, key: "k", messageId: GONE, at: at.time.clock.now() };
  expect(await sending(row)).toMatchObject([{ kind: "ambiguous" }, 0]);
  const again = { ...row, attempts: 1, card: card({ headline: "later" }) };
  expect(await sending(again)).toMatchObject([{ kind: "sent", messageId: shown[0]?.id }, 0]);
  expect(shown.map(({ texts }) => texts.at(-1))).toEqual(["LIVE nyc1 · later"]);
});

test("so it is after a restart; and what is proved absent is posted", async () => {
  const shown = forgetful();
  const row = { ...delivery(), edit: true, key: "k", messageId: GONE, at: at.time.clock.now() };
  await at.time.pass(3_000);
  const again = { ...row, attempts: 1, uncertain: true, attemptedAt: at.time.clock.now() };
  expect(await sending(again)).toMatchObject([{ kind: "ambiguous" }, 0]);
  expect(shown).toHaveLength(1);
  expect(await sending(again)).toMatchObject([{ kind: "sent", messageId: shown[0]?.id }, 0]);
  expect(shown).toHaveLength(1);
});

test("as long as it may still be on its way, or no evidence can be had, nothing is posted beside it", async () => {
  const shown = forgetful();
  const row = { ...delivery(), edit: true, key: "k", messageId: GONE, at: at.time.clock.now() };
  const send = () => at.slack.messenger.send({ ...row, attempts: 1 }, HEADING);
  at.answers["conversations.history"] = () => ({ ok: true, messages: [] });
  expect(await send()).toMatchObject({ kind: "not-sent", why: "too early to tell" });
  at.answers["conversations.history"] = refuse("internal_error");
  expect(await send()).toMatchObject({ kind: "not-sent", why: "internal_error" });
  at.answers["conversations.history"] = refuse("missing_scope");
  expect(await send()).toMatchObject({ kind: "ambiguous", why: "missing_scope" });
  expect(shown).toEqual([]);
  expect(at.all.notes).toEqual([]);
});

test("a copy that cannot be changed any more counts as shown", async () => {
  const shown = forgetful();
  const row = { ...delivery(), edit: true, key: "k", messageId: GONE, at: at.time.clock.now() };
  await sending(row);
  at.answers["chat.update"] = refuse("edit_window_closed");
  const again = await sending({ ...row, attempts: 1 });
  expect(again).toMatchObject([{ kind: "sent", messageId: shown[0]?.id }, 0]);
  expect(shown).toHaveLength(1);
});

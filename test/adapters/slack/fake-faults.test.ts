/** What goes wrong on order in the fake of Slack, its limits, its answer addresses, and its signed requests. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { App, HTTPReceiver } from "@slack/bolt";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  SLACK_BOT_TOKEN,
  SLACK_SIGNING_SECRET,
  type SlackFake,
  slackFake,
  TEAM,
} from "../../kit/slack-fake.ts";
import { actions, button, plain, soon, type Told } from "../../kit/slack-fake-plain.ts";
import { QUIET_SLACK } from "../../kit/slack-quiet.ts";

let slack: SlackFake;
let now: number;
beforeEach(async () => {
  now = Date.now();
  slack = await slackFake({ now: () => now, ackMs: 20_000, retryMs: [5, 5, 5] });
  slack.addUser("U0ANA");
  slack.addChannel("C0DESK");
});
afterEach(() => slack[Symbol.asyncDispose]());
const { ask, post } = plain(() => slack);

function say(text: string, signal?: AbortSignal): Promise<Response> {
  const headers = { authorization: `Bearer ${SLACK_BOT_TOKEN}` };
  const body = new URLSearchParams({ channel: "C0DESK", text });
  return fetch(`${slack.url}chat.postMessage`, {
    method: "POST",
    headers,
    body,
    signal: signal ?? null,
  });
}

const texts = (): readonly string[] => slack.said("C0DESK").map(({ plain: words }) => words);
const outcome = (): unknown => {
  const { executed, status, error, fault } = slack.frames.at(-1) ?? {};
  return { executed, status, error, kind: fault?.kind };
};

test("too fast is 429 with how long to wait, and nothing is done", async () => {
  slack.fault("chat.postMessage", { kind: "429", retryAfter: 7 });
  const reply = await say("one");
  expect([reply.status, reply.headers.get("retry-after")]).toEqual([429, "7"]);
  expect(await reply.json()).toEqual({ ok: false, error: "ratelimited" });
  expect(outcome()).toEqual({ executed: false, status: 429, error: "ratelimited", kind: "429" });
  expect((await say("two")).status).toBe(200);
  expect(texts()).toEqual(["two"]);
});

test("a server's error, a page that is not JSON and a named refusal do nothing either", async () => {
  slack.fault("*", { kind: "500" });
  slack.fault("*", { kind: "garbage" });
  slack.fault("chat.postMessage", { kind: "error", error: "missing_scope", needed: "chat:write" });
  expect((await say("one")).status).toBe(500);
  expect(await (await say("two")).text()).toContain("<!DOCTYPE");
  const refused = await (await say("three")).json();
  expect(refused).toMatchObject({ ok: false, error: "missing_scope", needed: "chat:write" });
  expect(texts()).toEqual([]);
});

test("a connection that breaks tells the caller nothing of what was done", async () => {
  slack.fault("chat.postMessage", { kind: "drop-before" });
  slack.fault("chat.postMessage", { kind: "drop-after" });
  await expect(say("one")).rejects.toThrow();
  expect(outcome()).toMatchObject({ executed: false, status: 0 });
  await expect(say("two")).rejects.toThrow();
  expect(outcome()).toMatchObject({ executed: true, status: 0 });
  expect(texts()).toEqual(["two"]);
});

test("nor does a call that hangs", async () => {
  slack.fault("chat.postMessage", { kind: "hang" });
  slack.fault("chat.postMessage", { kind: "hang-after" });
  for (const [at, text] of ["one", "two"].entries()) {
    const patience = new AbortController();
    const said = say(text, patience.signal);
    await soon(() => expect(slack.frames).toHaveLength(at + 1));
    patience.abort();
    await expect(said).rejects.toThrow();
  }
  expect(slack.frames.map(({ executed }) => executed)).toEqual([false, true]);
  expect(texts()).toEqual(["two"]);
});

test("faults are of one method, happen as often as ordered, and can be taken back", async () => {
  slack.fault("chat.postMessage", { kind: "500" }, 2);
  slack.fault("chat.update", { kind: "500" }, Number.POSITIVE_INFINITY);
  const statuses = [];
  for (const text of ["1", "2", "3"]) statuses.push((await say(text)).status);
  expect(statuses).toEqual([500, 500, 200]);
  slack.clearFaults();
  const ts = slack.said("C0DESK")[0]?.ts;
  expect(await ask("chat.update", { channel: "C0DESK", ts, text: "4" })).toMatchObject({
    ok: true,
  });
});

test("down it refuses connections, and up again it is where it was", async () => {
  await slack.down(true);
  await expect(say("one")).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
  await slack.down(false);
  expect((await say("two")).status).toBe(200);
  expect(texts()).toEqual(["two"]);
});

test("with limits on, a channel takes a short burst and then a message a second", async () => {
  await slack[Symbol.asyncDispose]();
  slack = await slackFake({ now: () => now, limits: true });
  slack.addChannel("C0DESK");
  const statuses = async (count: number) => {
    const all = [];
    for (let at = 0; at < count; at += 1) all.push((await say(`m${at}`)).status);
    return all;
  };
  expect(await statuses(6)).toEqual([200, 200, 200, 200, 200, 429]);
  const slow = await say("late");
  expect(slow.headers.get("retry-after")).toBe("1");
  now += 1000;
  expect(await statuses(2)).toEqual([200, 429]);
});

test("an answer address takes five answers within half an hour", async () => {
  let urls: string[] = [];
  const server = createServer((request, response) => {
    request.on("data", (data) => {
      urls = [...urls, new URLSearchParams(String(data)).get("response_url") ?? ""];
    });
    request.on("end", () => response.end());
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  slack.http.deliverTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  slack.slash("U0ANA", "C0DESK", "one");
  slack.slash("U0ANA", "C0DESK", "two");
  await soon(() => expect(urls).toHaveLength(2));
  const answer = async (url: string | undefined, body: Told) => {
    const reply = await fetch(url ?? "", {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    });
    return [reply.status, await reply.text()];
  };
  expect(await answer(urls[0], { text: "all see", response_type: "in_channel" })).toEqual([
    200,
    "ok",
  ]);
  for (let at = 2; at <= 5; at += 1) await answer(urls[0], { text: `${at}` });
  const [status, body] = await answer(urls[0], { text: "6" });
  expect([status, body]).toEqual([404, expect.stringContaining("used_url")]);
  now += 30 * 60_000 + 1;
  expect(await answer(urls[1], { text: "late" })).toEqual([
    404,
    expect.stringContaining("expired_url"),
  ]);
  expect(texts()).toEqual(["all see"]);
  expect(slack.ephemerals("U0ANA").map((each) => each.plain)).toEqual(["2", "3", "4", "5"]);
  server.closeAllConnections();
  server.close();
});

test("Slack's own receiver believes a signed request, and no other", async () => {
  const receiver = new HTTPReceiver({
    ...{ signingSecret: SLACK_SIGNING_SECRET, logger: QUIET_SLACK, port: 0 },
  });
  const authorize = async () => ({ botToken: SLACK_BOT_TOKEN, teamId: TEAM });
  const app = new App({ receiver, authorize, logger: QUIET_SLACK });
  const heard: string[] = [];
  app.command("/claudbot", ({ ack, command }) => ack({ text: `heard ${command.text}` }));
  app.event("app_mention", async ({ event }) => void heard.push(event.user ?? ""));
  app.action("a-Go", async ({ ack, action }) => {
    await ack();
    heard.push(action.type);
  });
  const server = await app.start(0);
  const { port } = server.address() as AddressInfo;
  slack.http.deliverTo(`http://127.0.0.1:${port}/slack/events`);
  await post("C0DESK", { blocks: [actions(button("Go"))] });
  const [shown] = slack.said("C0DESK");
  if (shown === undefined) throw new Error("nothing is shown");
  const acts = [
    slack.slash("U0ANA", "C0DESK", "status"),
    slack.mentions("U0ANA", "C0DESK", "status"),
    slack.presses("U0ANA", shown, "Go"),
  ];
  await soon(() => expect(acts.every((id) => slack.acks.has(id))).toBe(true));
  await soon(() => expect(heard.sort()).toEqual(["U0ANA", "button"]));
  const body = JSON.stringify({ type: "event_callback", event: {} });
  const old = Math.floor(Date.now() / 1000) - 301;
  const wrong = slack.http.sign(body, undefined, "another secret")["x-slack-signature"] ?? "";
  for (const forged of [
    { timestamp: old },
    { timestamp: null },
    { signature: null },
    { signature: wrong },
    { timestamp: "soon" },
  ]) {
    expect((await slack.http.request({ body, ...forged })).status).toBe(401);
  }
  expect(slack.ephemerals("U0ANA").map((each) => each.plain)).toEqual(["heard status"]);
  await app.stop();
});

test("an event that an address refuses comes again with its number, unless it is told not to", async () => {
  const seen: IncomingHttpHeaders[] = [];
  let stop = false;
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      seen.push(request.headers);
      response.writeHead(500, stop ? { "x-slack-no-retry": "1" } : {}).end();
    });
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  slack.http.deliverTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  slack.mentions("U0ANA", "C0DESK", "status");
  await soon(() => expect(seen).toHaveLength(4));
  const numbers = seen.map((headers) => [
    headers["x-slack-retry-num"],
    headers["x-slack-retry-reason"],
  ]);
  expect(numbers).toEqual([
    [undefined, undefined],
    ...["1", "2", "3"].map((each) => [each, "http_error"]),
  ]);
  stop = true;
  const last = slack.mentions("U0ANA", "C0DESK", "status");
  await soon(() => expect(slack.failed.has(last)).toBe(true));
  await post("C0DESK");
  expect(seen).toHaveLength(5);
  server.closeAllConnections();
  server.close();
});

import { expect, test } from "vitest";
import { hello, type Line, lineScene, listen, mention, refuse, slash } from "./line-scene.ts";

const at = lineScene();

const leave = (line: Line | undefined, reason: string): void =>
  line?.message(JSON.stringify({ type: "disconnect", reason }));
const pinged = async (line: () => Line | undefined, ms: number): Promise<void> => {
  for (let passed = 0; passed < ms; passed += 2_000) {
    line()?.ping?.();
    await at.time.pass(2_000);
  }
};

test("a connection that is pinged but not greeted within ten seconds is given up, told, and made anew, further and further apart", async () => {
  at.slack.ears.start(at.heard);
  await at.time.settle();
  at.lines[0]?.open();
  await pinged(() => at.lines[0], 8_000);
  await at.time.pass(1_999);
  expect([at.lines.length, at.lines[0]?.closed]).toEqual([1, false]);
  await at.time.pass(1);
  expect([at.lines.length, at.lines[0]?.closed]).toEqual([2, true]);
  expect(at.all.health.at(-1)).toBe("failing: a connection was not greeted");
  await pinged(() => at.lines.at(-1), 600_000);
  expect(at.lines.length).toBeGreaterThan(10);
  expect(at.lines.length).toBeLessThan(30);
  expect(at.all.logged).toHaveLength(1);
  while (at.lines.at(-1)?.closed) await at.time.pass(1_000);
  hello(at.lines.at(-1));
  expect(at.all.health.at(-1)).toBe("alive");
});

test("one in place of another is given up too; with the other gone meanwhile that is a loss", async () => {
  const old = await listen(at);
  await pinged(() => old, 6_000);
  leave(old, "refresh_requested");
  await at.time.settle();
  at.lines[1]?.open();
  old?.close(1000, "");
  await pinged(() => at.lines[1], 10_000);
  expect(at.lines[1]?.closed).toBe(true);
  expect(at.all.health.at(-1)).toBe("failing: a connection was not greeted");
  await at.time.pass(250);
  hello(at.lines.at(-1));
  expect(at.all.health.at(-1)).toBe("alive");
});

test("a Slack that greets and sends away at once is not stormed; a connection that proved steady is replaced at once", async () => {
  at.slack.ears.start(at.heard);
  await at.time.settle();
  for (let tenth = 0; tenth < 600; tenth += 1) {
    hello(at.lines.at(-1), 11);
    leave(at.lines.at(-1), "too_many_websockets");
    await at.time.pass(100);
  }
  expect(at.lines.length).toBeLessThan(12);
  await at.time.pass(30_000);
  const steady = at.lines.at(-1);
  hello(steady);
  await pinged(() => steady, 6_000);
  const before = at.lines.length;
  leave(steady, "refresh_requested");
  await at.time.settle();
  expect(at.lines).toHaveLength(before + 1);
});

test("while Slack does not tell who we are, commands are heard, and a mention is left for Slack to send again", async () => {
  at.answers["auth.test"] = refuse("internal_error");
  const line = await listen(at);
  slash(line, "e1");
  mention(line, "e2", "<@U0BOT> pause");
  mention(line, "e3", "<@U0OTHER> pause");
  await at.time.pass(3_000);
  expect(at.heard.arrivals.map(({ text }) => text)).toEqual(["/status"]);
  expect(at.heard.away).toEqual([]);
  expect(line?.sent).toEqual(['{"envelope_id":"e1"}']);
  at.answers["auth.test"] = () => ({ ok: true, team_id: "T0CLAUD", user_id: "U0BOT" });
  await at.time.pass(5_000);
  mention(line, "e4", "<@U0BOT> pause");
  mention(line, "e5", "<@U0OTHER> pause");
  await at.time.settle();
  expect(at.heard.arrivals.map(({ text }) => text)).toEqual(["/status", "/pause"]);
  expect(line?.sent.slice(1)).toEqual(['{"envelope_id":"e4"}', '{"envelope_id":"e5"}']);
});

test("what is left for Slack to send again keeps no connection open", async () => {
  at.answers["auth.test"] = refuse("internal_error");
  const line = await listen(at);
  mention(line, "e1", "<@U0BOT> pause");
  await at.time.settle();
  leave(line, "warning");
  await at.time.settle();
  hello(at.lines[1], 2);
  await at.time.pass(1_000);
  expect(line?.closed).toBe(true);
});

test("a command under another name than ours is heard, and the name is told of once", async () => {
  const line = await listen(at);
  for (const id of ["e1", "e2"]) slash(line, id, "/claudbot-live");
  await at.time.settle();
  expect(at.heard.arrivals.map(({ text }) => text)).toEqual(["/status", "/status"]);
  expect(at.all.logged).toEqual([
    'our slash command has another name in Slack {"name":"/claudbot-live","command":"/claudbot"}',
  ]);
});

test("one connection that Slack still counts at the start may be that of a process before us; a minute later it is not", async () => {
  at.slack.ears.start(at.heard);
  await at.time.settle();
  hello(at.lines[0], 2);
  expect(at.all.notes).toEqual([]);
  await pinged(() => at.lines[0], 60_000);
  hello(at.lines[1], 3);
  expect(at.all.notes).toMatchObject([{ kind: "security", what: "second-listener", count: 1 }]);
});

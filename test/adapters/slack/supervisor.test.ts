import { expect, test } from "vitest";
import { down, fine, hello, type Line, lineScene, listen, refuse, slash } from "./line-scene.ts";

const at = lineScene();

const leave = (line: Line | undefined, reason: string): void =>
  line?.message(JSON.stringify({ type: "disconnect", reason }));
const asked = (which: string): readonly number[] =>
  at.asked.filter(([method]) => method === which).map(([, ms]) => ms);
const opened = (): readonly number[] => asked("apps.connections.open");

test("nothing is asked of Slack before somebody listens", async () => {
  await at.time.pass(60_000);
  expect(at.asked).toEqual([]);
});

test("a loss is answered at once; when that fails it waits a quarter of a second, then twice as long each time, to half a minute", async () => {
  const first = await listen(at);
  await at.time.pass(10_000);
  first?.ping?.();
  at.answers["apps.connections.open"] = down;
  first?.close(1006, "");
  await at.time.pass(120_000);
  const from = opened()[1] ?? 0;
  expect(from).toBe(10_000);
  expect(
    opened()
      .slice(2, 11)
      .map((at) => at - from),
  ).toEqual([250, 750, 1_750, 3_750, 7_750, 15_750, 31_750, 61_750, 91_750]);
  expect(at.all.logged.map((line) => line.split(" {")[0])).toEqual(["a connection to Slack ended"]);
});

test("a connection that breaks as soon as it is made is not made again in haste", async () => {
  at.slack.ears.start(at.heard);
  for (let count = 0; count < 6; count += 1) {
    await at.time.settle();
    hello(at.lines.at(-1));
    at.lines.at(-1)?.close(1006, "");
    await at.time.pass(2_000);
  }
  const gaps = opened()
    .slice(1)
    .map((at, index) => at - (opened()[index] ?? 0));
  expect(Math.max(...gaps)).toBeGreaterThanOrEqual(2_000);
  expect(opened().length).toBeLessThan(8);
});

test("silence of half a minute is a loss, and a ping is no silence", async () => {
  const first = await listen(at);
  for (let count = 0; count < 4; count += 1) {
    await at.time.pass(20_000);
    first?.ping?.();
  }
  await at.time.pass(29_999);
  expect([at.lines.length, first?.closed]).toEqual([1, false]);
  await at.time.pass(1);
  expect([at.lines.length, first?.closed]).toEqual([2, true]);
  expect(at.all.health).toEqual(["alive", "failing: the connection was lost"]);
  slash(first, "late");
  await at.time.settle();
  expect(at.heard.arrivals).toEqual([]);
});

test("the old connection goes when the new one is greeted and every acknowledgement over it was given", async () => {
  const old = await listen(at);
  at.heard.onArrival = () => undefined;
  slash(old, "e1");
  await at.time.settle();
  leave(old, "warning");
  leave(old, "refresh_requested");
  await at.time.settle();
  expect(at.lines).toHaveLength(2);
  slash(old, "e2");
  hello(at.lines[1], 2);
  await at.time.settle();
  at.heard.echoes[0]?.taken();
  await at.time.pass(1_000);
  expect(old?.closed).toBe(false);
  at.heard.echoes[1]?.taken();
  expect(old?.closed).toBe(true);
  expect(old?.sent).toEqual(['{"envelope_id":"e1"}', '{"envelope_id":"e2"}']);
  expect(at.all.health).toEqual(["alive"]);
});

test("an acknowledgement whose connection broke goes over the next", async () => {
  const old = await listen(at);
  at.heard.onArrival = () => undefined;
  slash(old, "e1");
  await at.time.settle();
  old?.close(1006, "");
  await at.time.pass(0);
  hello(at.lines[1]);
  at.heard.echoes[0]?.taken();
  expect(at.lines[1]?.sent).toEqual(['{"envelope_id":"e1"}']);
});

test("while another cannot be had the old connection is kept and heard", async () => {
  const old = await listen(at);
  at.answers["apps.connections.open"] = down;
  leave(old, "warning");
  await at.time.pass(5_000);
  slash(old, "e1");
  await at.time.settle();
  expect(at.heard.arrivals).toHaveLength(1);
  expect(old?.closed).toBe(false);
  at.answers["apps.connections.open"] = fine(at.lines)["apps.connections.open"] ?? down;
  await at.time.pass(4_000);
  hello(at.lines[1], 2);
  await at.time.pass(999);
  expect(old?.closed).toBe(false);
  await at.time.pass(1);
  expect(old?.closed).toBe(true);
  slash(old, "e2");
  await at.time.settle();
  expect(at.heard.arrivals).toHaveLength(2);
  expect(at.lines[1]?.sent).toEqual(['{"envelope_id":"e2"}']);
});

test.each(["invalid_auth", "token_revoked", "account_inactive"])(
  "a bot token that answers %s is asked about every half minute, and then all goes on",
  async (code) => {
    at.answers["auth.test"] = refuse(code);
    const line = await listen(at);
    for (let third = 0; third < 3; third += 1) {
      await at.time.pass(20_000);
      line?.ping?.();
    }
    expect(asked("auth.test")).toEqual([0, 30_000, 60_000]);
    expect(at.all.health).toEqual([`lasting: ${code}`]);
    at.answers = fine(at.lines);
    await at.time.pass(20_000);
    line?.ping?.();
    await at.time.pass(9_999);
    expect(at.all.health).toEqual([`lasting: ${code}`]);
    await at.time.pass(1);
    expect(at.all.health).toEqual([`lasting: ${code}`, "alive"]);
  },
);

test("a Slack that is down at the start is asked again, further and further apart", async () => {
  at.answers["auth.test"] = down;
  at.slack.ears.start(at.heard);
  await at.time.pass(2_000);
  expect(asked("auth.test")).toEqual([0, 250, 750, 1_750]);
});

test("an app token that is refused, or too many connections, wait as long as that needs", async () => {
  at.answers["apps.connections.open"] = refuse("invalid_auth");
  at.slack.ears.start(at.heard);
  await at.time.pass(45_000);
  expect(opened()).toEqual([0, 30_000]);
  expect(at.all.health.at(-1)).toBe("lasting: invalid_auth");
});

test("Socket Mode switched off is told as lasting and tried again in half a minute", async () => {
  const line = await listen(at);
  leave(line, "link_disabled");
  expect(line?.closed).toBe(true);
  expect(at.all.health.at(-1)).toBe("lasting: link_disabled");
  await at.time.pass(29_999);
  expect(at.lines).toHaveLength(1);
  await at.time.pass(1);
  expect(at.lines).toHaveLength(2);
});

const count = () => at.all.notes.map((note) => note.kind === "security" && note.count);

test("connections that are not ours are told of, at most once a minute, and our own overlap is ours", async () => {
  const first = await listen(at);
  leave(first, "refresh_requested");
  await at.time.settle();
  hello(at.lines[1], 2);
  expect(at.all.notes).toEqual([]);
  leave(at.lines[1], "refresh_requested");
  await at.time.pass(1_000);
  hello(at.lines[2], 4);
  expect(count()).toEqual([2]);
  leave(at.lines[2], "refresh_requested");
  await at.time.pass(1_000);
  hello(at.lines[3], 4);
  expect(count()).toEqual([2]);
  await at.time.pass(29_000);
  at.lines[3]?.ping?.();
  await at.time.pass(29_000);
  at.lines[3]?.ping?.();
  await at.time.pass(29_000);
  leave(at.lines[3], "refresh_requested");
  await at.time.settle();
  hello(at.lines[4], 3);
  expect(count()).toEqual([2, 1]);
});

test("a connection of ours that broke may be counted for a while; a minute later the count is taken anew", async () => {
  const first = await listen(at);
  await at.time.pass(10_000);
  first?.close(1006, "");
  await at.time.pass(0);
  hello(at.lines[1], 2);
  expect(at.all.notes).toEqual([]);
  for (let third = 0; third < 3; third += 1) {
    await at.time.pass(20_000);
    at.lines[1]?.ping?.();
  }
  expect(at.lines).toHaveLength(3);
  hello(at.lines[2], 3);
  expect(count()).toEqual([1]);
});

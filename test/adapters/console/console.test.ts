import { PassThrough, Readable, Writable } from "node:stream";
import { expect, test } from "vitest";
import { consoleMessenger } from "../../../src/adapters/console/messenger.ts";
import { listenConsole } from "../../../src/adapters/console/receive.ts";
import { render } from "../../../src/adapters/console/render.ts";
import { button, card } from "../../../src/chat/compose.ts";
import type { Arrival } from "../../../src/ports/inbound.ts";
import { CONSOLE, NOW } from "../../kit/sample-desk.ts";

const CARD = card({
  headline: "KILLED",
  mark: "🔴",
  lines: ["one", "two"],
  buttons: [button("Flatten", "/flatten", true)],
  event: "F7A3",
});
const DELIVERY = {
  id: 7,
  room: CONSOLE,
  lane: "info",
  eventSeq: 1,
  dedupe: "d",
  key: null,
  edit: false,
  under: null,
  card: CARD,
  at: NOW,
  attempts: 0,
  uncertain: false,
  attemptedAt: null,
  mark: null,
  messageId: null,
  rootId: null,
} as const;

async function heard(input: Readable): Promise<readonly Arrival[]> {
  const arrivals: Arrival[] = [];
  const ears = listenConsole({
    input,
    clock: { now: () => NOW },
    run: "r1",
    hear: async (arrival) => {
      arrivals.push(arrival);
    },
  });
  await ears.closed;
  return arrivals;
}

test("each line of a pipe is a message with a number of its own, and the end of the pipe is no error", async () => {
  const arrivals = await heard(Readable.from(["status\npau", "se now\r\n\n/kill"]));
  expect(arrivals.map(({ id, text }) => [id, text])).toEqual([
    ["console:r1:1", "status"],
    ["console:r1:2", "pause now"],
    ["console:r1:3", "/kill"],
  ]);
});

test("the next line of a pipe is heard when the one before has been handled, so a script is obeyed in order", async () => {
  const said: string[] = [];
  const ears = listenConsole({
    input: Readable.from(["slow\nfast\n"]),
    clock: { now: () => NOW },
    run: "r1",
    hear: async ({ text }) => {
      said.push(`${text} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      said.push(`${text} ends`);
    },
  });
  await ears.closed;
  expect(said).toEqual(["slow begins", "slow ends", "fast begins", "fast ends"]);
});

test("a person at a keyboard is heard at once, whatever is still being handled", async () => {
  const said: string[] = [];
  const input = Object.assign(new PassThrough(), { isTTY: true });
  listenConsole({
    input,
    clock: { now: () => NOW },
    run: "r1",
    hear: ({ text }) => {
      said.push(text);
      return new Promise(() => undefined);
    },
  });
  input.write("status\n/kill\n");
  await new Promise((resolve) => setImmediate(resolve));
  expect(said).toEqual(["status", "/kill"]);
});

test("a pipe that breaks ends the listening quietly", async () => {
  const input = new PassThrough();
  const arrivals = heard(input);
  input.write("status\n");
  setImmediate(() => input.destroy(new Error("EIO")));
  expect(await arrivals).toHaveLength(1);
});

test("a line of any length is heard, cut to what the switchboard refuses", async () => {
  const [line] = await heard(Readable.from(["x".repeat(1_000_000)]));
  expect(line?.text.length).toBe(4000);
});

test("a card is printed with its buttons as what to type", () => {
  expect(render(CARD, "LIVE nyc1", false, { colour: false, oneLine: false })).toBe(
    "🔴 LIVE nyc1 · KILLED\n  one\n  two #F7A3   [/flatten]\n",
  );
});

test("without a person at the terminal a card is one line", () => {
  expect(render(CARD, "LIVE nyc1", true, { colour: false, oneLine: true })).toBe(
    "🔴 LIVE nyc1 · KILLED (edited) | one | two #F7A3\n",
  );
});

test("control characters never reach the terminal; colours only a terminal", () => {
  const evil = { ...CARD, headline: "x\u001b[2J\u0007\u202ey", lines: ["a\nb"], buttons: [] };
  const plain = render(evil, "LIVE \u001bnyc1", false, { colour: false, oneLine: false });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the point
  expect(plain.replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f\u202e]/);
  expect(plain).toContain("a b");
  expect(render(CARD, "L", false, { colour: true, oneLine: false })).toContain("\u001b[1;31m🔴 L");
});

test("what was written counts as delivered, and an edit says that it is one", async () => {
  const output = new PassThrough();
  const messenger = consoleMessenger(output, { colour: false, oneLine: true });
  expect(await messenger.send(DELIVERY, "LIVE nyc1")).toEqual({
    kind: "sent",
    messageId: "console:7",
  });
  await messenger.send({ ...DELIVERY, edit: true, messageId: "console:7" }, "LIVE nyc1");
  expect(String(output.read())).toContain("KILLED (edited)");
});

test("a closed output refuses for good, throws nothing and tells so once", async () => {
  const told: string[] = [];
  const output = new Writable({
    write: (_chunk, _encoding, done) => done(new Error("EPIPE")),
  });
  const messenger = consoleMessenger(output, { colour: false, oneLine: true }, (why) =>
    told.push(why),
  );
  expect(await messenger.send(DELIVERY, "L")).toEqual({ kind: "refused", why: "EPIPE" });
  expect(await messenger.send(DELIVERY, "L")).toEqual({ kind: "refused", why: "EPIPE" });
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toEqual(["EPIPE"]);
});

test("an edit that a new message repeats is not printed", async () => {
  const output = new PassThrough();
  const messenger = consoleMessenger(output, { colour: false, oneLine: true });
  const edit = { ...DELIVERY, edit: true, card: { ...CARD, echo: true } };
  expect(await messenger.send(edit, "L")).toEqual({ kind: "sent", messageId: "console:7" });
  expect(output.read()).toBeNull();
  await messenger.send({ ...edit, edit: false }, "L");
  expect(String(output.read())).toContain("KILLED");
});

test("a terminal that was closed ends the hearing, though it fails once more while it is let go", async () => {
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (raw: boolean): void => {
      if (!raw) input.emit("error", new Error("setRawMode EIO"));
    },
  });
  const output = Object.assign(new PassThrough(), { isTTY: true, hasColors: () => true });
  const clock = { now: () => NOW };
  const ears = listenConsole({ input, output, clock, run: "r1", hear: async () => undefined });
  input.emit("error", new Error("read EIO"));
  await ears.closed;
  ears.stop();
});

test("at a terminal a line can be edited before it is sent, and no prompt is printed", async () => {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = Object.assign(new PassThrough(), { isTTY: true, hasColors: () => true });
  const said: string[] = [];
  const ears = listenConsole({
    input,
    output,
    clock: { now: () => NOW },
    run: "r1",
    hear: async ({ text }) => {
      said.push(text);
    },
  });
  for (const key of ["/sttus", "\u001b[D", "\u001b[D", "\u001b[D", "a", "\r"]) {
    input.write(key);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(said).toEqual(["/status"]);
  expect(String(output.read())).not.toContain(">");
  ears.stop();
  await ears.closed;
});

test.each([
  ["is elsewhere", {}],
  ["cannot move its cursor", { isTTY: true, hasColors: () => false }],
])("a keyboard whose screen %s writes no editing into it", async (_why, screen) => {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = Object.assign(new PassThrough(), screen);
  const ears = listenConsole({
    input,
    output,
    clock: { now: () => NOW },
    run: "r1",
    hear: async () => undefined,
  });
  input.write("/status\n");
  await new Promise((resolve) => setImmediate(resolve));
  expect(output.read()).toBeNull();
  ears.stop();
});

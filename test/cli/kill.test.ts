/** The verb `kill` against a loopback exchange: what it cancels, what it leaves, what it says, and what the next start finds. */
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { signingKey } from "../../src/adapters/coinbase/keys.ts";
import { emergencyFile } from "../../src/adapters/system/emergency-file.ts";
import { kill } from "../../src/cli/kill.ts";
import { leaveNote } from "../../src/cli/kill-demo.ts";
import { readEnv } from "../../src/config/env.ts";
import { recall } from "../../src/run/recover.ts";
import { memoryLog } from "../adapters/coinbase/world.ts";
import { call, limit, orderBody, type PlainOrder } from "../exchange/caller.ts";
import { type Patient, patient } from "./doctor-kit.ts";

/** Every wait of the verb passes a hundred times as fast. */
const HASTE = 100;
const timers = {
  after(ms: number, run: () => void) {
    const timer = setTimeout(run, ms / HASTE);
    return () => clearTimeout(timer);
  },
  every: () => () => undefined,
  soon: (run: () => void) => void setImmediate(run),
};

interface Asked {
  readonly typed?: string;
  readonly settings?: Readonly<Record<string, string>>;
}

async function run(at: Patient, line = "", { typed = "", settings = {} }: Asked = {}) {
  const said = { out: "", err: "" };
  const all = { ...at.settings, DEPLOY_ID: "testdesk", ...settings };
  const code = await kill(line.split(" ").filter(Boolean), {
    env: () => readEnv({ variables: all, files: [] }),
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    input: Readable.from([typed]),
    timers,
  });
  expect(said.out + said.err).not.toMatch(/BEGIN|PRIVATE|eyJ/);
  return { code, ...said };
}

let placed = 0;
async function rest(at: Patient, head: string, order: Partial<PlainOrder> = {}): Promise<string> {
  placed += 1;
  const configuration = limit("0.001", "1000.00");
  const body = orderBody({ id: `${head}-${placed}`, configuration, ...order });
  const { json } = await call(
    { rest: at.exchange.rest, key: at.exchange },
    "POST",
    "/orders",
    body,
  );
  expect(json["success"]).toBe(true);
  return `${head}-${placed}`;
}

const CALM = { limits: false } as const;
const statuses = ({ exchange }: Patient) =>
  Object.fromEntries(exchange.ledger.orders.map((one) => [one.clientOrderId, one.status]));
const latches = ({ folder }: Patient) =>
  recall(emergencyFile(join(folder, "data/demo/emergency.jsonl")), memoryLog());

test("--help says what it does and does nothing", async () => {
  await using at = await patient(CALM);
  const { code, out, err } = await run(at, "--help");
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(/claudbot -- kill .*--reason/s);
  expect(await latches(at)).toEqual([]);
});

test("every open order of this desk is cancelled, in batches of a hundred, a stranger's is not, and the next start finds the kill", async () => {
  await using at = await patient({ ...CALM, balances: { USD: "100000" } });
  const ours: string[] = [];
  for (let nth = 0; nth < 101; nth += 1) ours.push(await rest(at, "testdesk"));
  const foreign = await rest(at, "somebody");
  const { code, out, err } = await run(at, "--reason fire");
  expect([code, err]).toEqual([0, ""]);
  const ends = statuses(at);
  expect(ours.every((id) => ends[id] === "CANCELLED")).toBe(true);
  expect(ends[foreign]).toBe("OPEN");
  expect(at.exchange.ledger.requests.cancels).toBe(2);
  expect(out).toMatch(/0 of 101 closed; asking to cancel 101\n/);
  expect(out).toMatch(/1 open that are not this desk's stay/);
  expect(out).toMatch(/nothing open, looked twice: 101 CANCELLED\n/);
  expect(out).toMatch(
    /held in this portfolio: 99998\.988 and 1\.012 on hold USD, .*\nNo desk answers here/,
  );
  expect(await latches(at)).toEqual([
    {
      latch: "killed",
      latched: expect.objectContaining({
        reason: "fire",
        by: expect.objectContaining({
          person: "console",
          inbound: expect.stringMatching(/^kill:/),
        }),
      }),
    },
  ]);
});

test("--all wants ALL typed before anything happens, and then cancels the stranger's, too", async () => {
  await using at = await patient(CALM);
  const [ours, foreign] = [await rest(at, "testdesk"), await rest(at, "somebody")];
  const no = await run(at, "--all", { typed: "yes\n" });
  expect([no.code, no.err]).toEqual([64, expect.stringMatching(/nothing was done/)]);
  expect(at.exchange.ledger.requests.cancels).toBe(0);
  expect(await latches(at)).toEqual([]);
  expect((await run(at, "--all", { typed: "ALL\n" })).code).toBe(0);
  expect(statuses(at)).toEqual({ [ours]: "CANCELLED", [foreign]: "CANCELLED" });
});

test("an order that is not on the book yet, or was not seen by its desk, is found in the recent listing and cancelled", async () => {
  await using at = await patient({ ...CALM, pendingMs: 400 });
  const id = await rest(at, "testdesk");
  expect(statuses(at)[id]).toBe("PENDING");
  expect((await run(at)).code).toBe(0);
  expect(statuses(at)[id]).toBe("CANCELLED");
});

test("an order that fills before its cancel counts as filled, and the kill ends all the same", async () => {
  await using at = await patient({ ...CALM, cancelDelayMs: 600 });
  const [filled, cancelled] = [
    await rest(at, "testdesk"),
    await rest(at, "testdesk", { configuration: limit("0.002", "900.00") }),
  ];
  const killing = run(at);
  await expect.poll(() => at.exchange.ledger.requests.cancels).toBeGreaterThan(0);
  at.exchange.control.trade("BTC-USD", "1000");
  const { code, out } = await killing;
  expect(code).toBe(0);
  expect(statuses(at)).toEqual({ [filled]: "FILLED", [cancelled]: "CANCELLED" });
  expect(out).toMatch(/1 FILLED/);
  expect(out).toMatch(/held in this portfolio: .*0\.001 BTC/);
});

test("lost answers, pages that say 429 and listings that fail are asked again, until the venue shows none open", async () => {
  await using at = await patient(CALM);
  const { control } = at.exchange;
  const id = await rest(at, "testdesk");
  control.dropNextAnswer("POST /orders/batch_cancel", 3);
  control.failNext("GET /orders/historical/batch", "429-html");
  control.failNext("GET /orders/historical/batch", "503-html");
  expect((await run(at)).code).toBe(0);
  expect(statuses(at)[id]).toBe("CANCELLED");
}, 20_000);

test.each([-3_600_000, 3_600_000])(
  "a venue whose clock is off by %i ms is asked with tokens of its own time",
  async (ms) => {
    await using at = await patient(CALM);
    const id = await rest(at, "testdesk");
    at.exchange.control.skewClock(ms);
    const { code, err } = await run(at);
    expect([code, err, statuses(at)[id]]).toEqual([0, "", "CANCELLED"]);
  },
);

test("a burst of refused tokens is waited out: it says nothing about the key", async () => {
  await using at = await patient(CALM);
  const id = await rest(at, "testdesk");
  at.exchange.control.refuseTokens(25);
  const { code, err } = await run(at);
  expect([code, err, statuses(at)[id]]).toEqual([0, "", "CANCELLED"]);
}, 30_000);

test("a listing that fails keeps no order open that another has shown, and is not taken for an empty one", async () => {
  await using at = await patient(CALM);
  const id = await rest(at, "testdesk");
  at.exchange.control.failNext("GET /orders/historical/batch", { status: 400, body: {} });
  const { code, out } = await run(at);
  expect(code).toBe(0);
  expect(statuses(at)[id]).toBe("CANCELLED");
  expect(out).toMatch(/not all orders could be read: HTTP 400/);
});

test("what a key may not cancel is named and ends with 1; what cannot be read ends with 2; the latch is written either way", async () => {
  await using at = await patient(CALM);
  const id = await rest(at, "testdesk");
  const refuse = { status: 403, body: { error: "PERMISSION_DENIED", message: "no" } };
  at.exchange.control.failNext("POST /orders/batch_cancel", refuse, 9);
  const left = await run(at);
  expect([left.code, left.err]).toEqual([1, expect.stringContaining(`client id ${id}`)]);
  expect(await latches(at)).toHaveLength(1);
  at.exchange.control.failNext("GET /orders/historical/batch", refuse, 99);
  const unread = await run(at);
  expect([unread.code, unread.err]).toEqual([2, expect.stringMatching(/could not be read/)]);
  expect(await latches(at)).toHaveLength(2);
  const keyless = { COINBASE_API_KEY: "", COINBASE_API_SECRET: "" };
  const none = await run(at, "", { settings: keyless });
  expect([none.code, none.err]).toEqual([2, expect.stringMatching(/needs an API key/)]);
});

test("a disk that takes no latch stops no cancel, is said, and does not end with 0", async () => {
  await using at = await patient(CALM);
  const id = await rest(at, "testdesk");
  writeFileSync(join(at.folder, "data/demo"), "a file where the folder should be");
  const { code, err } = await run(at);
  expect([code, err]).toEqual([1, expect.stringMatching(/THE NEXT START TRADES/)]);
  expect(statuses(at)[id]).toBe("CANCELLED");
});

test("a desk that runs is found by its page, and the person is told to tell it", async () => {
  await using at = await patient(CALM);
  const page = createServer((_, response) => response.end('claudbot_build_info{version="1"} 1\n'));
  await new Promise<void>((listening) => page.listen(0, "127.0.0.1", listening));
  try {
    const address = page.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const { out, code } = await run(at, "", { settings: { PORT: String(address.port) } });
    expect(code).toBe(0);
    expect(out).toMatch(/A DESK RUNS \(http:\S+\) and was not told: say \/kill to it/);
  } finally {
    page.close();
  }
});

test("a demo's exchange is found while it runs, and not afterwards; paper and shadow send nothing anywhere", async () => {
  await using at = await patient(CALM);
  const id = await rest(at, "testdesk");
  const secret = readFileSync(at.exchange.privateKeyFile, "utf8");
  const key = signingKey({ name: at.exchange.keyName, secret });
  await emergencyFile(join(at.folder, "data/demo/emergency.jsonl")).append("{}");
  const takeNote = leaveNote(join(at.folder, "data/demo/exchange-ledger.jsonl"), {
    rest: at.exchange.rest,
    key,
  });
  const bare = { PROFILE: "demo", DATA_DIR: join(at.folder, "data"), PORT: "0" };
  const inDemo = { ...at, settings: bare } as Patient;
  const first = await run(inDemo);
  expect(first.code).toBe(0);
  expect(first.out).toMatch(/a demo forgets that when it begins anew/);
  expect(statuses(at)[id]).toBe("CANCELLED");
  takeNote();
  const gone = await run(inDemo);
  expect([gone.code, gone.err]).toEqual([
    2,
    expect.stringMatching(/runs with its desk, and neither/),
  ]);
  const asked = at.exchange.ledger.requests["GET /orders/historical/batch"];
  const paper = await run(at, "--profile paper");
  expect([paper.code, paper.out]).toEqual([
    0,
    expect.stringMatching(/sends no order to any venue/),
  ]);
  expect(at.exchange.ledger.requests["GET /orders/historical/batch"]).toBe(asked);
});

/** Authenticators on a disk: each code once, also after a restart; guessing is locked; two programs may write. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStepUpVault, type StepUpVault } from "../../../src/adapters/system/step-up-vault.ts";
import { stepAt, totp } from "../../../src/adapters/system/totp.ts";
import { personId } from "../../../src/core/kernel/ids.ts";
import { instant, later } from "../../../src/core/kernel/time.ts";
import { quietLog } from "../../kit/quiet-log.ts";

const ANA = personId("ana");
const BO = personId("bo");
const SEED = Buffer.from("12345678901234567890");
const NOW = instant(1_800_000_000_000);
const STEP = stepAt(NOW);
const MINUTE = 60_000;
const codeAt = (off: number): string => totp(SEED, STEP + off);
/** Six digits that are none of the codes around. */
const WRONG = ["135791", "246802", "314159"].find((one) => ![-1, 0, 1].map(codeAt).includes(one));

let dataDir: string;
let log = quietLog();
beforeEach(() => {
  dataDir = join(mkdtempSync(join(tmpdir(), "claudbot-step-up-")), "data");
  log = quietLog();
});
afterEach(() => rmSync(join(dataDir, ".."), { recursive: true, force: true }));

const open = (key: string | null = null): StepUpVault => openStepUpVault({ dataDir, key, log });
const path = (name: string): string => join(dataDir, name);
async function enrolled(vault = open()): Promise<readonly string[]> {
  return (await vault.enroll(ANA, { seed: SEED, step: STEP - 3, at: NOW })) ?? [];
}
const verdicts = async (vault: StepUpVault, ...typed: readonly string[]) => {
  const kinds: string[] = [];
  for (const one of typed) kinds.push((await vault.check(ANA, one, NOW)).kind);
  return kinds;
};

test("a code is right once, an older one never again, also after a restart", async () => {
  await enrolled();
  expect(await open().check(ANA, codeAt(0), NOW)).toEqual({
    ...{ kind: "right", step: STEP, recoveryLeft: 10 },
  });
  expect(await verdicts(open(), codeAt(0), codeAt(-1), codeAt(1), codeAt(1))).toEqual([
    ...["replayed", "replayed", "right", "replayed"],
  ]);
});

test("the code that proved the enrolling is used up by it", async () => {
  const vault = open();
  await vault.enroll(ANA, { seed: SEED, step: STEP, at: NOW });
  expect(await verdicts(vault, codeAt(0), codeAt(1))).toEqual(["replayed", "right"]);
});

test("five wrong codes within a quarter of an hour lock for one, through a restart, whatever is typed", async () => {
  const [recovery = ""] = await enrolled();
  const wrong = WRONG ?? "";
  expect(await verdicts(open(), wrong, wrong, "nonsense", wrong)).toEqual(Array(4).fill("wrong"));
  const until = later(NOW, 15 * MINUTE);
  expect(await open().check(ANA, wrong, NOW)).toEqual({ kind: "locked", until, begins: true });
  const locked = { kind: "locked", until, begins: false };
  expect(await open().check(ANA, codeAt(0), NOW)).toEqual(locked);
  expect(await open().check(ANA, recovery, later(NOW, 15 * MINUTE - 1))).toEqual(locked);
  expect(open().lockedUntil(ANA, NOW)).toBe(until);
  expect(open().lockedUntil(BO, NOW)).toBeNull();
  const after = later(NOW, 15 * MINUTE);
  expect((await open().check(ANA, totp(SEED, stepAt(after)), after)).kind).toBe("right");
  expect(open().lockedUntil(ANA, after)).toBeNull();
});

test("wrong codes spread over time, and a right one between them, lock nobody", async () => {
  await enrolled();
  const vault = open();
  for (let i = 0; i < 9; i += 1) {
    const { kind } = await vault.check(ANA, WRONG ?? "", later(NOW, i * 4 * MINUTE));
    expect(kind).toBe("wrong");
  }
  const at = later(NOW, 9 * 4 * MINUTE);
  expect((await vault.check(ANA, totp(SEED, stepAt(at)), at)).kind).toBe("right");
  expect(await vault.check(ANA, WRONG ?? "", at)).toEqual({ kind: "wrong", left: 4 });
});

test("each of ten recovery codes is right once; new ones make the old ones void", async () => {
  const codes = await enrolled();
  expect(new Set(codes).size).toBe(10);
  for (const code of codes)
    expect(code).toMatch(/^([0-9a-hjkmnp-tv-z]{5}-){3}[0-9a-hjkmnp-tv-z]{5}$/);
  const [first = "", second = ""] = codes;
  expect(await open().check(ANA, first.toUpperCase(), NOW)).toEqual({
    ...{ kind: "right", step: null, recoveryLeft: 9 },
  });
  expect(await verdicts(open(), first)).toEqual(["wrong"]);
  const [fresh = ""] = (await open().renew(ANA)) ?? [];
  expect(await verdicts(open(), second, fresh)).toEqual(["wrong", "right"]);
  expect(await open().renew(BO)).toBeNull();
});

test("a code that others saw is worth nothing, nor is any before it; other numbers burn nothing", async () => {
  const [recovery = ""] = await enrolled();
  const vault = open();
  expect(vault.isTheirs(ANA, codeAt(0), NOW)).toBe(true);
  expect(vault.isTheirs(ANA, "100000", NOW)).toBe(false);
  expect(vault.isTheirs(BO, codeAt(0), NOW)).toBe(false);
  expect(await vault.burn(ANA, "100000", NOW)).toBe(false);
  expect(await vault.burn(ANA, codeAt(0), NOW)).toBe(true);
  expect(await vault.burn(ANA, codeAt(0), NOW)).toBe(true);
  expect(await vault.burn(ANA, recovery, NOW)).toBe(true);
  expect(await verdicts(open(), codeAt(0), codeAt(-1), recovery, codeAt(1))).toEqual([
    ...["replayed", "replayed", "wrong", "right"],
  ]);
});

test("nothing on the disk tells a seed or a code, and only its owner reads it", async () => {
  const codes = await enrolled();
  await verdicts(open(), codeAt(0), WRONG ?? "");
  const text = readdirSync(dataDir)
    .map((name) => readFileSync(path(name), "latin1"))
    .join("\n");
  const secrets = [...codes, ...codes.map((one) => one.replaceAll("-", "")), codeAt(0), WRONG];
  for (const secret of [...secrets, SEED.toString(), SEED.toString("base64"), "ana"]) {
    expect(text).not.toContain(secret);
  }
  expect(readdirSync(dataDir).sort()).toEqual(["step-up.json", "step-up.key"]);
  for (const name of readdirSync(dataDir)) expect(statSync(path(name)).mode & 0o777).toBe(0o600);
});

test("a key from the environment leaves none on the disk; another key, or none, opens nothing", async () => {
  const key = Buffer.alloc(32, 7).toString("base64");
  await enrolled(open(key));
  expect(existsSync(path("step-up.key"))).toBe(false);
  expect(await verdicts(open(key), codeAt(0))).toEqual(["right"]);
  expect(() => open()).toThrow(/set STEP_UP_KEY, put step-up.key back/);
  expect(() => open(Buffer.alloc(32, 8).toString("base64"))).toThrow(/another/);
  expect(() => open("c2hvcnQ=")).toThrow(/STEP_UP_KEY is not 32 bytes/);
});

test.each([
  [
    "a changed byte",
    () => {
      const file = JSON.parse(readFileSync(path("step-up.json"), "utf8"));
      const data = Buffer.from(file.data, "base64");
      data.writeUInt8(data.readUInt8(3) ^ 1, 3);
      writeFileSync(
        path("step-up.json"),
        JSON.stringify({ ...file, data: data.toString("base64") }),
      );
    },
    /damaged/,
  ],
  ["half a file", () => writeFileSync(path("step-up.json"), '{"version":1,'), /damaged/],
  ["a file that others read", () => chmodSync(path("step-up.json"), 0o644), /chmod 600/],
  ["a key that others read", () => chmodSync(path("step-up.key"), 0o640), /chmod 600/],
  ["half a key", () => writeFileSync(path("step-up.key"), "short"), /step-up.key is damaged/],
])("%s is refused at the start, and no code is right while it lasts", async (_what, spoil, why) => {
  await enrolled();
  const running = open();
  spoil();
  expect(() => open()).toThrow(why);
  expect(await verdicts(running, codeAt(0))).toEqual(["unkept"]);
  expect(running.isEnrolled(ANA)).toBe(true);
  expect(log.lines).not.toEqual([]);
  expect(log.lines.join()).not.toContain(codeAt(0));
});

test("a right code that cannot be kept is not taken; one that others saw stays worthless while this runs", async () => {
  await enrolled();
  const vault = open();
  mkdirSync(path("step-up.json.lock"));
  expect(await verdicts(vault, codeAt(0))).toEqual(["unkept"]);
  expect(await vault.burn(ANA, codeAt(1), NOW)).toBe(true);
  rmSync(path("step-up.json.lock"), { recursive: true });
  expect(await verdicts(vault, codeAt(1), codeAt(0))).toEqual(["replayed", "right"]);
});

test("what the command line changes a running desk knows at once, and neither undoes the other", async () => {
  const desk = open();
  expect(await verdicts(desk, codeAt(0))).toEqual(["not-enrolled"]);
  expect(existsSync(dataDir) ? readdirSync(dataDir) : []).toEqual([]);
  await enrolled();
  expect(desk.isEnrolled(ANA)).toBe(true);
  expect(await verdicts(desk, codeAt(0))).toEqual(["right"]);
  expect(await open().enroll(ANA, { seed: Buffer.alloc(20), step: 1, at: NOW })).toBeNull();
  await open().enroll(BO, { seed: Buffer.alloc(20, 2), step: 1, at: NOW });
  expect(await verdicts(desk, codeAt(0))).toEqual(["replayed"]);
  expect(desk.enrolled(NOW).map(({ person }) => person)).toEqual(["ana", "bo"]);
  expect(await open().remove(ANA)).toBe(true);
  expect(await open().remove(ANA)).toBe(false);
  expect(await verdicts(desk, codeAt(1))).toEqual(["not-enrolled"]);
  expect(desk.isEnrolled(BO)).toBe(true);
});

test("of one code at two writers at once one is right, and of many changes none is lost", async () => {
  await enrolled();
  const [one, other] = [open(), open()];
  const both = [one, other, one, other].map((vault) => vault.check(ANA, codeAt(0), NOW));
  const kinds = (await Promise.all(both)).map(({ kind }) => kind).sort();
  expect(kinds).toEqual(["replayed", "replayed", "replayed", "right"]);
  const people = Array.from({ length: 20 }, (_, index) => personId(`p${index}`));
  await Promise.all(
    people.map((person, index) =>
      (index % 2 === 0 ? one : other).enroll(person, { seed: SEED, step: 1, at: NOW }),
    ),
  );
  expect(open().enrolled(NOW)).toHaveLength(21);
  expect(
    await Promise.all([one, other].map((vault) => vault.check(ANA, WRONG ?? "", NOW))),
  ).toEqual(
    expect.arrayContaining([
      { kind: "wrong", left: 4 },
      { kind: "wrong", left: 3 },
    ]),
  );
});

test.each([
  ["of a process that is gone", "999999999 other life", 0],
  ["of another life of this process", `${process.pid} other life`, 0],
  ["of a process that sleeps for ever", "1 other life", 60],
])("a lock %s holds up nobody", async (_whose, content, ageSeconds) => {
  await enrolled();
  writeFileSync(path("step-up.json.lock"), content);
  const seconds = Date.now() / 1000 - ageSeconds;
  utimesSync(path("step-up.json.lock"), seconds, seconds);
  expect(await verdicts(open(), codeAt(0))).toEqual(["right"]);
  expect(readdirSync(dataDir).sort()).toEqual(["step-up.json", "step-up.key"]);
});

test("whatever people call themselves, nobody is enrolled before they are", () => {
  expect(open().isEnrolled(personId("constructor"))).toBe(false);
});

test("no byte of it can be changed so that it still opens", async () => {
  await enrolled();
  const file = JSON.parse(readFileSync(path("step-up.json"), "utf8"));
  const whole = Buffer.from(file.data, "base64");
  for (let at = 0; at < whole.length; at += 1) {
    const data = Buffer.from(whole);
    data.writeUInt8(data.readUInt8(at) ^ 1, at);
    writeFileSync(path("step-up.json"), JSON.stringify({ ...file, data: data.toString("base64") }));
    expect(() => open()).toThrow(/damaged/);
  }
});

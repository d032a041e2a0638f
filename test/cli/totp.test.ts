/** The verb totp, at a terminal: nothing is kept before a code proved it, and what is shown is shown once. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStepUpVault } from "../../src/adapters/system/step-up-vault.ts";
import { stepAt, totp } from "../../src/adapters/system/totp.ts";
import { UsageError } from "../../src/cli/flags.ts";
import { runTotp } from "../../src/cli/totp.ts";
import { totpFlags } from "../../src/cli/totp-flags.ts";
import { Secret } from "../../src/config/secret.ts";
import { load } from "../config/kit.ts";
import { until } from "../kit/desk-process.ts";
import { quietLog } from "../kit/quiet-log.ts";
import { ANA, BO, NOW } from "../kit/sample-desk.ts";

const KEY = Buffer.alloc(32, 5).toString("base64");
let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "claudbot-totp-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const vault = () => openStepUpVault({ dataDir, key: KEY, log: quietLog() });

function run(args: string) {
  const flags = totpFlags(args.split(" "));
  if (flags === null) throw new Error("help");
  const [input, output] = [new PassThrough(), new PassThrough()];
  let out = "";
  let stop = (): void => undefined;
  output.on("data", (part) => {
    out += part;
  });
  const { config } = load({});
  const code = runTotp({
    config: { ...config, dataDir, people: [ANA, BO], name: "nyc1", timeZone: "America/New_York" },
    secrets: { stepUpKey: new Secret(KEY) },
    ...{ flags, input, output, clock: { now: () => NOW } },
    until: new Promise<void>((resolve) => {
      stop = resolve;
    }),
  });
  const says = async (what: RegExp): Promise<RegExpExecArray> => {
    await until(
      () => what.test(out),
      `${what}`,
      () => out,
      5_000,
    );
    return what.exec(out) ?? expect.unreachable();
  };
  return {
    code,
    says,
    out: () => out,
    type: (line: string) => input.write(`${line}\n`),
    stop,
    input,
  };
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/** As an app reads the QR code. */
async function seedIn({ says }: ReturnType<typeof run>): Promise<Buffer> {
  const [, secret = ""] = await says(
    /otpauth:\/\/totp\/claudbot%20nyc1:Ana\?secret=([A-Z2-7]{32})&/,
  );
  const bits = [...secret].map((one) => LETTERS.indexOf(one).toString(2).padStart(5, "0")).join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)));
}

test("a device is kept once its code was typed; its codes then open, but not that one", async () => {
  const running = run("enroll --person ana");
  const seed = await seedIn(running);
  const desk = vault();
  running.type(totp(seed, stepAt(NOW) + 9));
  await running.says(/about 5 min ahead of this machine's clock: set both clocks by the network/);
  running.type("hello");
  await running.says(/not the code it shows\. 3 tries left/);
  expect(existsSync(join(dataDir, "step-up.json"))).toBe(false);
  const code = totp(seed, stepAt(NOW));
  running.type(`${code.slice(0, 3)} ${code.slice(3)}`);
  expect(await running.code).toBe(0);
  const codes = running.out().match(/(?<=\n {2})\w{5}-\w{5}-\w{5}-\w{5}(?=\n)/g) ?? [];
  expect(codes).toHaveLength(10);
  expect((await desk.check(ANA.id, code, NOW)).kind).toBe("replayed");
  expect((await desk.check(ANA.id, totp(seed, stepAt(NOW) + 1), NOW)).kind).toBe("right");
  expect((await desk.check(ANA.id, codes[0] ?? "", NOW)).kind).toBe("right");

  const status = run("status");
  expect(await status.code).toBe(0);
  expect(status.out()).toBe(
    "Ana (ana): authenticator since Nov 18, 9 recovery codes left\nBo (bo): no authenticator\n",
  );
  const again = run("enroll --person ana");
  expect(await again.code).toBe(1);
  expect(again.out()).toBe(
    "Ana has an authenticator already. First: npm run claudbot -- totp remove --person ana\n",
  );
  const fresh = run("recovery --person ana");
  expect(await fresh.code).toBe(0);
  expect((await desk.check(ANA.id, codes[1] ?? "", NOW)).kind).toBe("wrong");
  const [, first = ""] = await fresh.says(/ {2}(\w{5}-\w{5}-\w{5}-\w{5})/);
  expect((await desk.check(ANA.id, first, NOW)).kind).toBe("right");
  expect(await run("remove --person ana").code).toBe(0);
  expect(desk.isEnrolled(ANA.id)).toBe(false);
  expect(await run("remove --person ana").code).toBe(1);
  expect(await run("recovery --person ana").code).toBe(1);
});

test.each([
  ["five wrong codes", (of: ReturnType<typeof run>) => "12345".split("").forEach(of.type), /Five/],
  ["Ctrl-C", (of: ReturnType<typeof run>) => of.stop(), /Stopped/],
  ["a terminal that is closed", (of: ReturnType<typeof run>) => of.input.end(), /can be typed/],
])("%s keeps nothing", async (_what, end, told) => {
  const running = run("enroll --person ana");
  await seedIn(running);
  end(running);
  expect(await running.code).toBe(1);
  expect(running.out()).toMatch(told);
  expect(running.out()).toContain("Nothing was kept.");
  expect(vault().isEnrolled(ANA.id)).toBe(false);
});

test("whoever does not stand in people.yaml is not enrolled", async () => {
  const running = run("enroll --person eve");
  expect(await running.code).toBe(2);
  expect(running.out()).toMatch(/eve does not stand in .*people\.yaml; known are: ana, bo\./);
  expect(running.out()).toContain("claudbot -- setup telegram --person <id>");
});

test.each([
  ["", /say which/],
  ["enroll", /say whose: npm run claudbot -- totp enroll --person ana/],
  ["enroll --person ANA!", /give one of people\.yaml/],
  ["enroll 123456 --person ana", /a code is typed when it is asked for/],
  ["status --person ana", /takes no --person/],
  ["recover --person ana", /say which/],
  ["enroll --seed x", /flags are --person, --help/],
])("totp %s is refused in one line", (args, why) => {
  const typed = args === "" ? [] : args.split(" ");
  expect(() => totpFlags(typed)).toThrow(UsageError);
  expect(() => totpFlags(typed)).toThrow(why);
});

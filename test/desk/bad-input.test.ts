/** What is asked wrongly or cannot be had: one line that names the thing and the fix, a code that is not 0, and no stack. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deskFolder, QUICK_POLICY, type Variables } from "../kit/desk-market.ts";
import { program } from "../kit/desk-process.ts";

interface Wrong {
  readonly what: string;
  readonly args?: readonly string[];
  readonly env?: (place: Place) => Variables;
  readonly code: 1 | 2;
  /** The thing and the fix, in one line. */
  readonly line: RegExp;
}

interface Place {
  readonly folder: string;
  /** A port somebody listens on. */
  readonly taken: number;
}

/** Nobody listens there: the program must have refused before it would ask. */
const LOOPBACK = {
  PROFILE: "paper",
  COINBASE_API_BASE: "http://127.0.0.1:9",
  COINBASE_WS_URL: "ws://127.0.0.1:9",
  COINBASE_WS_USER_URL: "ws://127.0.0.1:9",
  COINBASE_API_KEY: "organizations/a/apiKeys/b",
};
const ELSEWHERE = 'Object.defineProperty(process,"platform",{value:"sunos"})';

const WRONG: readonly Wrong[] = [
  {
    what: "an unknown flag",
    args: ["--loud"],
    code: 2,
    line: /--loud.*flags are --profile, --for/,
  },
  {
    what: "a time that is none",
    args: ["--for", "banana"],
    code: 2,
    line: /--for cannot be "banana"; give a time such as 60s/,
  },
  {
    what: "an unknown key of the policy",
    env: ({ folder }) => ({ POLICY_FILE: join(folder, "typo.yaml") }),
    code: 2,
    line: /^typo\.yaml:2 portfolio\.max_daily_lost_usd: unknown key\. Did you mean max_daily_loss_usd\?$/,
  },
  {
    what: "a number that is none",
    env: () => ({ ORDER_USD: "ten" }),
    code: 2,
    line: /^ORDER_USD: cannot be "ten"\. Allowed: an amount such as 25/,
  },
  {
    what: "a database that does not answer",
    env: () => ({ DATABASE_URL: "postgres://u:hunter2@127.0.0.1:1/d" }),
    code: 1,
    line: /127\.0\.0\.1:1, database d, user u.*start it, correct DATABASE_URL, or unset it/,
  },
  {
    what: "a port in use",
    env: ({ taken }) => ({ PORT: String(taken) }),
    code: 1,
    line: /^port \d+ on 127\.0\.0\.1 is in use: .*PORT=\d+/,
  },
  {
    what: "a key that is no key",
    env: () => ({ ...LOOPBACK, COINBASE_API_SECRET: "hunter2" }),
    code: 2,
    line: /^COINBASE_API_SECRET: .*private key decodes to 5 bytes .*Copy it again from the CDP portal/,
  },
  {
    what: "a key that was cut short",
    env: () => ({
      ...LOOPBACK,
      COINBASE_API_SECRET:
        "-----BEGIN EC PRIVATE KEY-----\\nhunter2\\n-----END EC PRIVATE KEY-----",
    }),
    code: 2,
    line: /^COINBASE_API_SECRET: .*private key cannot be read .*Copy it again from the CDP portal/,
  },
  {
    what: "a platform without a database of ours",
    env: () => ({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(ELSEWHERE)}` }),
    code: 1,
    line: /sunos.*DATABASE_URL/,
  },
];

let place: Place;
let listener: Server;

beforeAll(async () => {
  const folder = deskFolder();
  const typo = QUICK_POLICY.replace("max_drawdown_usd", "max_daily_lost_usd: 1, max_drawdown_usd");
  writeFileSync(join(folder, "typo.yaml"), typo);
  listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  const taken = typeof address === "object" ? (address?.port ?? 0) : 0;
  place = { folder, taken };
});
afterAll(() => void listener.close());

const start = (args: readonly string[], env: Variables) =>
  program("src/main.ts", ["start", "--headless", ...args], {
    PORT: "0",
    LOG_LEVEL: "error",
    DATA_DIR: join(place.folder, "data"),
    ...env,
  });

async function refused({ args = [], env, code, line }: Omit<Wrong, "what">): Promise<void> {
  await using desk = start(args, env?.(place) ?? {});
  const ended = await desk.ended;
  expect({ ...ended, errors: desk.errors.trimEnd().split("\n") }).toEqual({
    code,
    signal: null,
    errors: [expect.stringMatching(line)],
  });
  expect(desk.errors + desk.out).not.toContain("hunter2");
  expect(desk.out).not.toContain("{");
}

describe.concurrent("a start that cannot be", () => {
  for (const wrong of WRONG) {
    test(`${wrong.what} is told in one line with the fix`, () => refused(wrong));
  }

  test("a full disk is told in one line with the fix", async ({ skip }) => {
    const full = join(place.folder, "full");
    mkdirSync(full);
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m,mode=711", "tmpfs", full]);
    if (mounted.status !== 0) skip("only root can mount a small disk");
    try {
      await refused({
        env: () => ({ DATA_DIR: full }),
        code: 1,
        line: /^The disk that holds .*full.* is full: free some space there, or set DATABASE_URL/,
      });
      expect(readdirSync(full)).not.toContain("cluster");
    } finally {
      spawnSync("umount", [full]);
      rmSync(full, { recursive: true, force: true });
    }
  });
});

/** The verb `setup` where the platform calls us, and as a process of its own that is told to stop. */
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { program } from "../kit/desk-process.ts";
import { SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET, slackFake } from "../kit/slack-fake.ts";
import { privateChat, telegramFake, user } from "../kit/telegram-fake.ts";
import { type Desk, eventually, setupDesk } from "./setup-kit.ts";

const ANA = user(4711, "Ana");
const SECRET = "canary-webhook-secret";

let desk: Desk;
beforeEach(() => {
  desk = setupDesk();
  // So that no file of this machine is read instead.
  writeFileSync(join(desk.folder, "none.env"), "", { mode: 0o600 });
});
afterEach(() => desk.close());

/** Somebody who has the port, until disposed of. */
async function taken(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function freePort(): Promise<number> {
  await using holder = await taken();
  return holder.port;
}

const hooked = (port: number, url: string, token: string) => ({
  ...{ TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: url, TELEGRAM_WEBHOOK_SECRET: SECRET },
  ...{ TELEGRAM_WEBHOOK_URL: `http://127.0.0.1:${port}/telegram`, HOOK_PORT: String(port) },
});

describe("a platform that calls us", () => {
  test("Telegram: updates come to our address, and the code goes out as ever", async () => {
    await using fake = await telegramFake();
    const going = desk.run("telegram", hooked(await freePort(), fake.url, fake.token));
    const [, nonce = ""] = await going.says(/\?start=([0-9a-f]{20})/);
    fake.says(ANA, privateChat(ANA), `/start ${nonce}`);
    await going.says(/A code was sent to telegram:4711/);
    going.stop();
    expect(await going.code).toBe(1);
    expect(going.out()).not.toContain(SECRET);
  });

  test("Slack: signed requests come to our address, and the code goes out as ever", async () => {
    await using fake = await slackFake();
    const port = await freePort();
    fake.addUser("U0ANA", {});
    fake.http.deliverTo(`http://127.0.0.1:${port}/slack/events`);
    const going = desk.run("slack", {
      ...{ SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET, SLACK_API_URL: fake.url.slice(0, -1) },
      HOOK_PORT: String(port),
    });
    await going.says(/three request URLs must lead to \/slack\/events/);
    const [, nonce = ""] = await going.says(/\blink ([0-9a-f]{20})/);
    await eventually(
      () => (fake.frames.filter(({ method }) => method === "auth.test")[1] ? true : undefined),
      "the desk to know who it is",
    );
    fake.slash("U0ANA", "C0OPS", `link ${nonce}`);
    await going.says(/A code was sent to slack:T0CLAUD\/U0ANA/);
    going.stop();
    expect(await going.code).toBe(1);
    expect(going.out()).not.toContain(SLACK_SIGNING_SECRET);
  });

  test("a port that a running desk has is told in words", async () => {
    await using fake = await telegramFake();
    await using holder = await taken();
    const going = desk.run("telegram", hooked(holder.port, fake.url, fake.token));
    expect(await going.code).toBe(1);
    expect(going.out()).toMatch(/EADDRINUSE.*stop the running desk first/);
  });
});

describe("claudbot setup as a process of its own", () => {
  const start = (args: readonly string[], env: Readonly<Record<string, string>>) =>
    program("src/main.ts", ["setup", ...args], {
      ...{ BOT_ENV_FILE: join(desk.folder, "none.env"), DATA_DIR: desk.folder, USER: "ana" },
      ...env,
    });

  test("without a token tells how to get one, and is asked wrongly", async () => {
    await using slack = start(["slack"], {});
    const { code } = await slack.ended;
    expect(slack.out).toMatch(/xoxb-[\s\S]*connections:write[\s\S]*SLACK_APP_TOKEN=/);
    expect([code, slack.errors]).toEqual([2, ""]);
  });

  test("told to stop leaves nothing behind and logs nothing", async () => {
    await using fake = await telegramFake();
    const people = join(desk.folder, "people.yaml");
    await using going = start(["telegram"], {
      ...{ TELEGRAM_BOT_TOKEN: fake.token, TELEGRAM_API_ROOT: fake.url, PEOPLE_FILE: people },
    });
    await going.says(/\?start=[0-9a-f]{20}/);
    const { code } = await going.stop("SIGINT");
    expect(going.out).toMatch(/Stopped\.\nNothing was linked\.\n$/);
    expect([code, going.errors]).toEqual([1, ""]);
  });
});

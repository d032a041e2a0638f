/** The verb `setup slack` against a Slack on loopback: what is found, who is linked, and everybody who is not. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  SLACK_APP_TOKEN,
  SLACK_BOT_TOKEN,
  type SlackFake,
  type SlackFault,
  slackFake,
  TEAM,
} from "../kit/slack-fake.ts";
import { type Desk, eventually, type Running, setupDesk } from "./setup-kit.ts";

const LINKED = `people:\n  ana: { role: risk, console: true, slack: ${TEAM}/U0ANA } # me\n`;

let fake: SlackFake;
let desk: Desk;

beforeEach(async () => {
  fake = await slackFake();
  desk = setupDesk();
  for (const id of ["U0ANA", "U0EVE"]) fake.addUser(id, {});
  fake.addUser("U0GUEST", { restricted: true });
  fake.addChannel("C0OPS", {});
  fake.addChannel("C0SHUT", { member: false });
});
afterEach(async () => {
  expect(fake.violations).toEqual([]);
  await fake[Symbol.asyncDispose]();
  desk.close();
});

const run = (args = ""): Running =>
  desk.run(`slack ${args}`, {
    SLACK_BOT_TOKEN,
    SLACK_APP_TOKEN,
    SLACK_API_URL: fake.url.slice(0, -1),
  });

/** The word and its nonce, once somebody can be heard. */
async function asked(going: Running, what = /\blink ([0-9a-f]{20})/): Promise<string> {
  const [, nonce = ""] = await going.says(what);
  await eventually(() => (fake.connections > 0 ? true : undefined), "a connection");
  return nonce;
}

const codes = (person: string): readonly string[] =>
  fake.said(fake.dm(person)).flatMap(({ text }) => /code (\d{6})/.exec(text)?.[1] ?? []);

const codeOf = (person: string): Promise<string> => eventually(() => codes(person)[0], "a code");

describe("claudbot setup slack", () => {
  test("links the first person with nonce and code, and rings them", async () => {
    const going = run("--name Ana");
    await going.says(/Workspace Claudbot test \(T0CLAUD\), app claudbot/);
    const nonce = await asked(going);
    fake.writes("U0ANA", fake.dm("U0ANA"), `Link ${nonce}`);
    const code = await codeOf("U0ANA");
    going.type(code);
    await going.says(/Press "I hear it" within a minute/);
    const [button] = fake.said(fake.dm("U0ANA")).filter(({ buttons }) => buttons.length > 0);
    if (button) fake.presses("U0ANA", button, "I hear it");
    expect(await going.code).toBe(0);
    expect(going.out()).toMatch(/Somebody listens on Slack: Ana answered after \d+ s/);
    expect(fake.said(fake.dm("U0ANA")).at(-1)?.text).toContain("Heard.");
    expect(desk.load().people).toEqual([
      { id: "ana", name: "Ana", role: "risk", accounts: ["console:local", `slack:${TEAM}/U0ANA`] },
    ]);
    expect(desk.mode()).toBe("600");
    for (const secret of [code, SLACK_BOT_TOKEN, SLACK_APP_TOKEN, "ticket="]) {
      expect(going.out()).not.toContain(secret);
    }
    expect(desk.read()).not.toContain(code);
  });

  test("hears the slash command anywhere, and sends the code to that person's direct messages alone", async () => {
    const going = run();
    fake.slash("U0ANA", "C0OPS", `link ${await asked(going)}`);
    await codeOf("U0ANA");
    expect(fake.visible("C0OPS")).toEqual([]);
    expect(fake.ephemerals("U0ANA")).toEqual([]);
    going.stop();
    expect(await going.code).toBe(1);
    expect(desk.files()).toEqual([]);
  });

  test("gives no code to a guest, to a second account, or to somebody from another workspace", async () => {
    const going = run();
    const nonce = await asked(going);
    fake.writes("U0GUEST", fake.dm("U0GUEST"), `link ${nonce}`);
    await going.says(/slack:T0CLAUD\/U0GUEST opened the link and is refused: it is a guest/);
    fake.slash("U0FAR", "C0OPS", `link ${nonce}`, { team_id: "T0OTHER" });
    await going.says(/Turned away: a message from another workspace/);
    fake.writes("U0ANA", fake.dm("U0ANA"), `link ${nonce}`);
    await codeOf("U0ANA");
    fake.writes("U0EVE", fake.dm("U0EVE"), `link ${nonce}`);
    await going.says(/A second account \(slack:T0CLAUD\/U0EVE\)/);
    expect([codes("U0GUEST"), codes("U0EVE")]).toEqual([[], []]);
    going.stop();
    await going.code;
  });

  test("warns when another program listens with the same app token", async () => {
    const first = run();
    await asked(first);
    const second = run();
    await second.says(/Another program listens with the same app token/);
    first.stop();
    second.stop();
    await Promise.all([first.code, second.code]);
  });
});

describe("a Slack that is not set up right", () => {
  const no = (error: string, needed?: string): SlackFault => ({
    ...{ kind: "error", error },
    ...(needed === undefined ? {} : { needed }),
  });

  test.each([
    [
      "the bot's token is refused",
      "auth.test",
      no("invalid_auth"),
      /token in SLACK_BOT_TOKEN \(invalid_auth\)/,
    ],
    [
      "the app was taken out of the workspace",
      "auth.test",
      no("account_inactive"),
      /SLACK_BOT_TOKEN \(account_inactive\)/,
    ],
    [
      "the app's token is refused",
      "apps.connections.open",
      no("invalid_auth"),
      /token in SLACK_APP_TOKEN \(invalid_auth\)/,
    ],
    [
      "the two tokens are swapped",
      "apps.connections.open",
      no("not_allowed_token_type"),
      /SLACK_APP_TOKEN \(not_allowed_token_type\)/,
    ],
    [
      "the app's token lacks its scope",
      "apps.connections.open",
      no("missing_scope", "connections:write"),
      /SLACK_APP_TOKEN lacks: connections:write/,
    ],
    [
      "the bot's token lacks a scope",
      "users.info",
      no("missing_scope", "users:read"),
      /SLACK_BOT_TOKEN lacks: users:read\.\nAdd them[\s\S]*Reinstall/,
    ],
    [
      "Socket Mode is off",
      "apps.connections.open",
      no("socket_mode_disabled"),
      /no Socket Mode connection \(socket_mode_disabled\)\.\nTurn it on/,
    ],
    [
      "Slack is too busy",
      "auth.test",
      { kind: "429", retryAfter: 7 } as const,
      /Slack does not answer at http.*: ratelimited/,
    ],
  ])("%s", async (_what, method, fault, words) => {
    fake.fault(method, fault);
    const going = run();
    expect(await going.code).toBe(1);
    expect(going.out()).toMatch(words);
    expect(desk.files()).toEqual([]);
  });

  test("it cannot be reached: the address is told", async () => {
    await fake.down(true);
    const going = run();
    expect(await going.code).toBe(1);
    expect(going.out()).toContain(`Slack does not answer at ${fake.url}: not reached`);
    await fake.down(false);
  });
});

describe("claudbot setup slack --room", () => {
  const LINE = /\/claudbot here ([0-9a-f]{8})/;

  test("adds the channel in which somebody of ours writes the line, and speaks there", async () => {
    desk.write(LINKED);
    const going = run("--room");
    const nonce = await asked(going, LINE);
    fake.slash("U0EVE", "C0OPS", `here ${nonce}`);
    await going.says(/U0EVE wrote it in slack:C0OPS and is not linked/);
    fake.slash("U0ANA", "C0OPS", `here ${nonce}`);
    expect(await going.code).toBe(0);
    expect(desk.load().rooms.at(-1)).toEqual({
      ...{ id: "slack:C0OPS", owner: null, hears: ["incidents", "activity"] },
    });
    expect(desk.read()).toContain("# me");
    expect(fake.said("C0OPS").map(({ text }) => text)).toEqual([
      expect.stringContaining('this room is now "slack-1"'),
    ]);
  });

  test("tells to invite the app where it may not speak yet", async () => {
    desk.write(LINKED);
    const going = run("--room --name shut --hears none");
    fake.slash("U0ANA", "C0SHUT", `here ${await asked(going, LINE)}`);
    expect(await going.code).toBe(0);
    expect(going.out()).toMatch(/cannot speak there yet: not_in_channel\.\n.*\/invite @claudbot/);
    expect(desk.load().rooms.at(-1)).toMatchObject({ id: "slack:C0SHUT", hears: [] });
  });
});

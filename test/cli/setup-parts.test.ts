/** The parts of setup that need no platform: its flags, its terminal, and what Slack says of scopes and apps. */
import { readFileSync } from "node:fs";
import { PassThrough, Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { checkSlack, SCOPES } from "../../src/adapters/slack/check.ts";
import type { SlackDoors } from "../../src/adapters/slack/slack.ts";
import { loginPerson, setupFlags } from "../../src/cli/setup-flags.ts";
import { setupSlack } from "../../src/cli/setup-slack.ts";
import { openTerminal } from "../../src/cli/setup-terminal.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { manualTime } from "../kit/manual-time.ts";
import { quietLog } from "../kit/quiet-log.ts";

describe("the flags of setup", () => {
  test("name a platform, and a person or a room", () => {
    expect(setupFlags(["telegram"])).toEqual({
      ...{ platform: "telegram", takeOver: false },
      what: { kind: "person", id: null, name: null, role: null, hears: null, replace: false },
    });
    expect(
      setupFlags("slack --person bo --name Bo --role viewer --hears all --replace".split(" "))
        ?.what,
    ).toEqual({
      ...{ kind: "person", id: "bo", name: "Bo", role: "viewer", replace: true },
      hears: ["incidents", "activity"],
    });
    expect(setupFlags("slack --room --name ops --hears none".split(" "))?.what).toEqual({
      ...{ kind: "room", name: "ops", hears: [] },
    });
    expect(setupFlags(["--help"])).toBeNull();
  });

  test.each([
    ["", /say which: npm run claudbot -- setup telegram/],
    ["signal", /not "signal"/],
    ["telegram slack", /not "telegram slack"/],
    ["telegram --persn x", /Unknown option '--persn'; flags are --person/],
    ["telegram --person Ana", /--person cannot be "Ana"/],
    ["telegram --person console", /--person cannot be "console"/],
    ["telegram --role root", /--role cannot be "root"; give viewer, operator, risk, admin/],
    ["telegram --hears everything", /--hears cannot be "everything"/],
    ["telegram --name @ana", /--name cannot be "@ana"/],
    ["telegram --room --role risk", /--role is about a person/],
  ])("refuse `%s`, and say what is allowed", (args, why) => {
    expect(() => setupFlags(args.split(" ").filter((word) => word !== ""))).toThrow(why);
  });

  test.each([
    ["ana", "ana", "ana"],
    ["Ana.B", "ana-b", "Ana.B"],
    ["", "owner", "owner"],
    ["console", "owner", "console"],
    ["Ünal", "unal", "Ünal"],
  ])("make a person of the login %j", (login, id, name) => {
    expect(loginPerson(login)).toEqual({ id, name });
  });
});

describe("the terminal of setup", () => {
  const LINK = "https://t.me/desk_bot?start=0123456789abcdef0123";
  const screen = (columns: number, isTTY: boolean) => {
    let shown = "";
    const output = new Writable({
      write(data, _encoding, done) {
        shown += String(data);
        done();
      },
    });
    return { output: Object.assign(output, { columns, isTTY }), shown: () => shown };
  };

  test.each([
    ["shows a code where there is room", 80, true, true],
    ["shows none where it is too narrow", 30, true, false],
    ["shows none in a pipe", 80, false, false],
  ])("%s", (_what, columns, isTTY, isShown) => {
    const { output, shown } = screen(columns, isTTY);
    const terminal = openTerminal(new PassThrough(), output);
    terminal.qr(LINK);
    terminal.close();
    expect(shown() !== "").toBe(isShown);
    const widths = shown()
      .split("\n")
      .map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThan(columns);
  });

  test("hands over whole lines to whoever waits, and says once that no more can come", async () => {
    const input = new PassThrough();
    const terminal = openTerminal(input, screen(80, false).output);
    const lines: string[] = [];
    let closed = 0;
    const off = terminal.onLine((line) => lines.push(line));
    terminal.onClosed(() => {
      closed += 1;
    });
    input.write("12");
    input.write("34\nnext\n");
    await new Promise((resolve) => setImmediate(resolve));
    off();
    input.end("lost\n");
    await new Promise((resolve) => input.once("close", resolve));
    expect(lines).toEqual(["1234", "next"]);
    terminal.onClosed(() => {
      closed += 1;
    });
    expect(closed).toBe(2);
  });
});

describe("what Slack says of our tokens", () => {
  const WHO = { ok: true, team: "Acme", team_id: "T1", user: "desk", user_id: "U9", bot_id: "B9" };

  function slack(scopes: readonly string[] | null, answers: Readonly<Record<string, object>> = {}) {
    const log = quietLog();
    const { clock, timers } = manualTime(instant(0));
    const doors: SlackDoors = {
      ...{ clock, timers, log },
      async fetch(input) {
        const method = String(input).split("/").at(-1) ?? "";
        const usual = method === "auth.test" ? WHO : { ok: true, url: "wss://x/?ticket=1" };
        const headers = new Headers({ "content-type": "application/json" });
        if (scopes) headers.set("x-oauth-scopes", scopes.join(","));
        return new Response(JSON.stringify(answers[method] ?? usual), { headers });
      },
      openSocket: () => ({ send: () => undefined, close: () => undefined }),
      pulse: { alive: () => undefined, failing: () => undefined },
      notices: { note: () => undefined },
      seal: { of: () => "" },
    };
    const settings = {
      ...{ apiUrl: "https://slack.example/api/", botToken: "xoxb-1", appToken: "xapp-1" },
      ...{ signingSecret: null, command: "/claudbot", rooms: [], accounts: [] },
    };
    return { doors, settings, log };
  }

  test("the scopes we ask for are those of the manifest", () => {
    const manifest = parse(readFileSync("ops/slack-manifest.yaml", "utf8"));
    expect([...SCOPES]).toEqual([...manifest.oauth_config.scopes.bot].sort());
  });

  test("a token with more scopes works, and one that lacks some is told which", async () => {
    const more = slack([...SCOPES, "team:read"]);
    expect(await checkSlack(more.doors, more.settings)).toMatchObject({ kind: "works" });
    const less = slack(SCOPES.filter((scope) => !scope.startsWith("im:")));
    expect(await checkSlack(less.doors, less.settings)).toEqual({
      ...{ kind: "scopes", token: "bot", missing: ["im:history", "im:write"] },
    });
  });

  test("an app that is known by its id is opened by its id, else by its user", async () => {
    const said: string[] = [];
    const terminal = { ...openTerminal(new PassThrough(), new PassThrough()) };
    const quiet = { ...terminal, say: (...lines: readonly string[]) => void said.push(...lines) };
    const user = { ok: true, user: { id: "U9", profile: { api_app_id: "A77" } } };
    const known = slack([...SCOPES], { "users.info": user });
    const unknown = slack([...SCOPES]);
    const first = await setupSlack({ ...known, terminal: quiet });
    const second = await setupSlack({ ...unknown, terminal: quiet });
    expect(first.chat.linkTo("n")).toBe("https://slack.com/app_redirect?app=A77&team=T1");
    expect(second.chat.linkTo("n")).toBe("slack://user?team=T1&id=U9");
    expect(said.join("\n")).toContain("Workspace Acme (T1), app desk.");
    expect(said.join("\n")).not.toMatch(/ticket|xox|xapp/);
    terminal.close();
  });

  test("an answer that is not Slack's is no answer", async () => {
    const { doors, settings } = slack(null, { "auth.test": { ok: true } });
    expect(await checkSlack(doors, settings)).toEqual({
      ...{ kind: "failed", why: "an answer that is not Slack's" },
    });
  });
});

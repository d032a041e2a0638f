/** A Slack client that neither Slack nor we wrote, Debian's slack-go, against our own Slack. */
// node --import tsx test/peers/slack-peer.ts: a PASS or FAIL for each rule, and a failing end when one failed.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import {
  SLACK_APP_TOKEN,
  SLACK_BOT_TOKEN,
  type SlackFake,
  slackFake,
  TEAM,
} from "../kit/slack-fake.ts";

const PACKAGES = ["golang-go", "golang-github-slack-go-slack-dev"];
const GOPATH = "/usr/share/gocode";
const PROGRAM = join(import.meta.dirname, "slack-go/main.go");
const PATIENCE_MS = 15_000;

const ANA = "U0ANA";
const DESK = "C0DESK";

const isThere = (): boolean =>
  existsSync(join(GOPATH, "src/github.com/slack-go/slack")) &&
  spawnSync("go", ["version"]).status === 0;

function install(): boolean {
  if (isThere()) return true;
  if (process.getuid?.() !== 0) return false;
  const apt = (...words: readonly string[]): boolean =>
    spawnSync("apt-get", ["-qq", ...words], { stdio: "ignore", timeout: 300_000 }).status === 0;
  const wanted = ["install", "-y", "--no-install-recommends", ...PACKAGES];
  if (!apt(...wanted)) apt("update") && apt(...wanted);
  return isThere();
}

/** The program, built in `folder`; Debian's packages lie in a GOPATH, not in modules. */
function build(folder: string): string {
  const program = join(folder, "peer");
  const places = { GOPATH, GO111MODULE: "off", GOFLAGS: "", GOCACHE: join(folder, "cache") };
  const built = spawnSync("go", ["build", "-o", program, PROGRAM], {
    env: { ...process.env, ...places },
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (built.status !== 0) throw new Error("the program does not build");
  return program;
}

/** What the program printed, line by line. */
interface Peer {
  readonly child: ChildProcess;
  readonly lines: readonly string[];
  /** The first line, from where `saw` stopped last, that matches. */
  saw(what: RegExp): Promise<void>;
}

function start(fake: SlackFake, program: string): Peer {
  const env = { ...process.env, SLACK_BOT_TOKEN, SLACK_APP_TOKEN };
  const child = spawn(program, [fake.url], { env, stdio: ["pipe", "pipe", "inherit"] });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => void lines.push(line));
  let from = 0;
  return {
    ...{ child, lines },
    async saw(what) {
      let at = -1;
      await until(`a line like ${what}`, () => {
        at = lines.findIndex((line, index) => index >= from && what.test(line));
        return at >= 0;
      });
      from = at + 1;
    },
  };
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function same(seen: unknown, wanted: unknown): void {
  const [a, b] = [JSON.stringify(seen), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`saw ${a}, wanted ${b}`);
}

type Rule = readonly [sentence: string, check: (fake: SlackFake, peer: Peer) => Promise<void>];

const acked = (fake: SlackFake, id: string): Promise<void> =>
  until("an ack", () => fake.acks.has(id));
const status = (fake: SlackFake) => fake.said(DESK).find(({ metadata }) => metadata !== null);

const RULES: readonly Rule[] = [
  [
    "it knows its own name, connects and is greeted",
    async (fake, peer) => {
      await peer.saw(new RegExp(`^READY ${TEAM} ${fake.bot.userId} ${fake.bot.id}$`));
      await peer.saw(new RegExp(`^HELLO 1 ${fake.bot.appId}$`));
      same(fake.connections, 1);
    },
  ],
  [
    "a slash command is understood, and its ack is shown to who typed it",
    async (fake, peer) => {
      const id = fake.slash(ANA, DESK, "status");
      await peer.saw(new RegExp(`^COMMAND /claudbot status ${TEAM} ${ANA} desk$`));
      await acked(fake, id);
      same(
        fake.ephemerals(ANA).map(({ plain }) => plain),
        ["heard status"],
      );
      await peer.saw(/^DONE$/);
    },
  ],
  [
    "a message with blocks, buttons and metadata stands in the channel as it was meant",
    async (fake) => {
      const { plain, text, buttons, metadata } = status(fake) ?? {};
      same([plain, text], ["*RUNNING* & well", "RUNNING"]);
      same(buttons, [
        { label: "Refresh", value: "r1", actionId: "refresh", confirm: true },
        { label: "Ask", value: "a1", actionId: "ask", confirm: false },
      ]);
      same(metadata, { event_type: "delivery", event_payload: { id: "d1" } });
    },
  ],
  [
    "history gives the metadata back, with the blocks",
    async (fake, peer) => {
      fake.slash(ANA, DESK, "history");
      await peer.saw(new RegExp(`^HISTORY delivery d1 ${fake.bot.id} 2$`));
    },
  ],
  [
    "a press is understood, acked, and changes the message in its place",
    async (fake, peer) => {
      const shown = status(fake);
      if (shown === undefined) throw new Error("nothing to press");
      const id = fake.presses(ANA, shown, "Refresh");
      await peer.saw(new RegExp(`^PRESSED refresh r1 row ${ANA} ${TEAM} true$`));
      await acked(fake, id);
      await peer.saw(/^DONE$/);
      const { plain, edits, ts, buttons } = status(fake) ?? {};
      same([plain, edits, ts === shown.ts, buttons], ["refreshed by ana", 1, true, []]);
    },
  ],
  [
    "a mention is understood and answered in its thread",
    async (fake, peer) => {
      const id = fake.mentions(ANA, DESK, "ack 4471");
      await peer.saw(new RegExp(`^MENTION ${TEAM} ${ANA} ${DESK} 0 $`));
      await acked(fake, id);
      await peer.saw(/^DONE$/);
      const asked = fake.visible(DESK).find(({ plain }) => plain.includes("4471"));
      same(fake.said(DESK).at(-1)?.threadTs, asked?.ts);
    },
  ],
  [
    "a retry is told from a first delivery",
    async (fake, peer) => {
      const id = fake.mentions(ANA, DESK, "twice");
      await peer.saw(/^MENTION .* 0 $/);
      await acked(fake, id);
      await acked(fake, fake.replay(id, "retry"));
      await peer.saw(/^MENTION .* 1 timeout$/);
    },
  ],
  [
    "a direct message is understood as one",
    async (fake, peer) => {
      await acked(fake, fake.writes(ANA, fake.dm(ANA), "hello"));
      await peer.saw(new RegExp(`^MESSAGE im ${ANA} hello$`));
    },
  ],
  [
    "a modal opens, shows that a code is wrong, and closes when it is right",
    async (fake, peer) => {
      fake.slash(ANA, DESK, "status");
      await peer.saw(/^DONE$/);
      const shown = fake.said(DESK).at(-1);
      if (shown === undefined) throw new Error("nothing to press");
      fake.presses(ANA, shown, "Ask");
      await peer.saw(/^DONE$/);
      const [modal] = fake.views(ANA);
      if (modal === undefined) throw new Error("no modal");
      const wrong = fake.submits(modal, { digits: "000000" });
      await peer.saw(new RegExp(`^SUBMITTED step 000000 ${ANA}$`));
      await acked(fake, wrong);
      same(fake.views(ANA).length, 1);
      await acked(fake, fake.submits(modal, { digits: "123456" }));
      same(fake.views(ANA).length, 0);
    },
  ],
  [
    "a whisper is seen by one, and direct messages are opened and written",
    async (fake, peer) => {
      fake.slash(ANA, DESK, "whisper");
      await peer.saw(/^DONE$/);
      const whispered = fake.ephemerals(ANA).map(({ plain }) => plain);
      same(whispered.filter((each) => each === "psst").length, 1);
      fake.slash(ANA, DESK, "dm");
      await peer.saw(/^DONE$/);
      same(
        fake.said(fake.dm(ANA)).map(({ plain }) => plain),
        ["in private"],
      );
    },
  ],
  [
    "people are looked up with what keeps them out",
    async (fake, peer) => {
      fake.slash("U0GUEST", DESK, "look");
      await peer.saw(/^PERSON guest T0PARTNER true true true false$/);
    },
  ],
  [
    "refusals have Slack's names, and too fast tells how long to wait",
    async (fake, peer) => {
      fake.slash(ANA, DESK, "try C0NOWHERE");
      await peer.saw(/^REFUSED channel_not_found$/);
      fake.slash(ANA, DESK, "try C0OTHER");
      await peer.saw(/^REFUSED not_in_channel$/);
      fake.fault("chat.postMessage", { kind: "429", retryAfter: 7 });
      fake.slash(ANA, DESK, `try ${DESK}`);
      await peer.saw(/^LIMITED 7s$/);
      fake.revoke(true);
      fake.slash(ANA, DESK, `try ${DESK}`);
      await peer.saw(/^REFUSED token_revoked$/);
      fake.revoke(false);
    },
  ],
  [
    "asked to leave, cut off, or left in silence, it connects anew and hears on",
    async (fake, peer) => {
      for (const how of ["disconnect-refresh", "tcp", "silent"] as const) {
        fake.dropSockets(how);
        await peer.saw(/^HELLO/);
        const id = fake.slash(ANA, DESK, how);
        await peer.saw(new RegExp(`^COMMAND /claudbot ${how} `));
        await acked(fake, id);
      }
    },
  ],
  [
    "nothing it sent is against Slack's own types, and nothing it heard was unreadable",
    async (fake, peer) => {
      same(fake.violations, []);
      same(
        peer.lines.filter((line) => line.startsWith("UNREADABLE")),
        [],
      );
    },
  ],
];

async function main(): Promise<void> {
  if (!install()) {
    console.log(`SKIPPED: apt-get install -y ${PACKAGES.join(" ")}`);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "claudbot-peer-"));
  const program = build(folder);
  await using fake = await slackFake({ pingMs: 200 });
  fake.addUser(ANA, { name: "ana" });
  const out = { restricted: true, ultraRestricted: true, stranger: true, team: "T0PARTNER" };
  fake.addUser("U0GUEST", { name: "guest", ...out });
  fake.addChannel(DESK, { name: "desk" });
  fake.addChannel("C0OTHER", { member: false });
  const peer = start(fake, program);
  let failed = 0;
  for (const [sentence, check] of RULES) {
    try {
      await check(fake, peer);
      console.log(`PASS ${sentence}`);
    } catch (error) {
      failed += 1;
      console.log(`FAIL ${sentence}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  peer.child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
  if (failed > 0) console.log(peer.lines.join("\n"), fake.violations);
  console.log(`${RULES.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

await main();

/** A Telegram client that neither we nor our library wrote, Debian's python-telegram-bot, against our own Telegram. */
// node --import tsx test/peers/telegram-peer.ts: a PASS or FAIL for each rule, and a failing end when one failed.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import {
  privateChat,
  supergroup,
  type TelegramFake,
  telegramFake,
  user,
} from "../kit/telegram-fake.ts";
import { call } from "../kit/telegram-fake-caller.ts";
import { PIXEL } from "../kit/telegram-fake-photo.ts";

const PYTHON = "/usr/bin/python3";
const APT = "apt-get";
const PACKAGE = "python3-python-telegram-bot";
const PEER = join(import.meta.dirname, "python-telegram-bot/peer.py");
const PATIENCE_MS = 15_000;

const ana = user(42, "Ana");
const DM = privateChat(ana);
const GROUP = { id: -5, type: "group", title: "Ops" } as const;
const ROOM = supergroup(-1001);

function isThere(): boolean {
  const asked = spawnSync(PYTHON, ["-W", "ignore", "-c", "import telegram"]);
  return asked.status === 0;
}

function install(): boolean {
  if (isThere()) return true;
  if (process.getuid?.() !== 0) return false;
  const apt = (...words: readonly string[]) =>
    spawnSync(APT, ["-qq", ...words], { stdio: "ignore", timeout: 300_000 }).status === 0;
  const wanted = ["install", "-y", "--no-install-recommends", PACKAGE];
  if (!apt(...wanted)) apt("update") && apt(...wanted);
  return isThere();
}

/** What the python bot printed, line by line. */
interface Peer {
  readonly child: ChildProcess;
  readonly lines: readonly string[];
  /** The first line, from where `saw` stopped last, that matches. */
  saw(what: RegExp): Promise<string>;
}

function start(fake: TelegramFake, picture: string): Peer {
  const child = spawn(PYTHON, ["-W", "ignore", PEER, fake.url, fake.token, picture], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => void lines.push(line));
  let from = 0;
  const saw = async (what: RegExp): Promise<string> => {
    let at = -1;
    await until(`a line like ${what}`, () => {
      at = lines.findIndex((line, index) => index >= from && what.test(line));
      return at >= 0;
    });
    from = at + 1;
    return lines[at] ?? "";
  };
  return { child, lines, saw };
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

type Rule = readonly [sentence: string, check: (fake: TelegramFake, peer: Peer) => Promise<void>];

const last = (fake: TelegramFake, chat = 42) => fake.said(chat).at(-1);
const attempt = (fake: TelegramFake, text = "a"): number => fake.says(ana, DM, `/try ${text}`);

const RULES: readonly Rule[] = [
  [
    "it starts, knows its own name and polls",
    async (fake, peer) => {
      await peer.saw(new RegExp(`^READY ${fake.bot.username}$`));
      await until("a poll", () => fake.frames.some(({ method }) => method === "getUpdates"));
    },
  ],
  [
    "/status is answered in HTML, with a button, as a reply",
    async (fake) => {
      fake.says(ana, DM, "/status");
      await until("an answer", () => fake.said(42).length === 1);
      const { text, buttons, replyTo, entities } = fake.said(42)[0] ?? {};
      same(text, "RUNNING & well");
      same(entities, [{ type: "bold", offset: 0, length: 7 }]);
      same(buttons, [[{ label: "Refresh", data: "r:1" }]]);
      same(replyTo, fake.visible(42)[0]?.id);
    },
  ],
  [
    "a press is answered with an alert, and the message is edited in its place",
    async (fake) => {
      const shown = last(fake);
      if (shown === undefined) throw new Error("nothing to press");
      fake.presses(ana, shown, "Refresh");
      await until("an edit", () => last(fake)?.edits === 1);
      same(last(fake)?.text, "refreshed by Ana: r:1");
      same([last(fake)?.id, last(fake)?.buttons], [shown.id, []]);
      same(
        fake.callbackAnswers.map(({ text, alert }) => [text, alert]),
        [["seen", true]],
      );
    },
  ],
  [
    "a picture arrives byte for byte, silently, and its caption is edited",
    async (fake) => {
      fake.says(ana, DM, "/picture");
      await until("a caption", () => last(fake)?.text === "night");
      const { photo, silent } = last(fake) ?? {};
      same([Buffer.compare(Buffer.from(photo ?? []), PIXEL), silent], [0, true]);
    },
  ],
  [
    "a menu is set for one chat and read back",
    async (fake, peer) => {
      fake.says(ana, DM, "/menu");
      await peer.saw(/^MENU \['status'\]$/);
      same([...fake.menus.keys()].length, 1);
    },
  ],
  [
    "the person's own message is deleted in a private chat",
    async (fake) => {
      fake.says(ana, DM, "/erase");
      const gone = fake.visible(42).at(-1)?.id;
      await until("its end", () => !fake.visible(42).some(({ id }) => id === gone));
    },
  ],
  [
    "HTML that cannot be read is refused with Telegram's words",
    async (fake, peer) => {
      attempt(fake, "<b>");
      await peer.saw(/^REFUSED BadRequest {2}Can't parse entities: can't find end tag/);
    },
  ],
  [
    "429 tells how long to wait",
    async (fake, peer) => {
      fake.fault("sendMessage", { kind: "429", retryAfter: 7 });
      attempt(fake);
      await peer.saw(/^REFUSED RetryAfter 7/);
    },
  ],
  [
    "403 is being blocked",
    async (fake, peer) => {
      fake.fault("sendMessage", { kind: "403" });
      attempt(fake);
      await peer.saw(/^REFUSED Unauthorized {2}Forbidden: bot was blocked by the user/);
    },
  ],
  [
    "a group that moved is followed by its new id",
    async (fake, peer) => {
      fake.fault("sendMessage", {
        ...{ kind: "400", description: "group chat was upgraded to a supergroup chat" },
        parameters: { migrate_to_chat_id: -1009 },
      });
      attempt(fake);
      await peer.saw(/^REFUSED ChatMigrated -1009/);
    },
  ],
  [
    "a lost answer is an error and the message is there once; a gateway's page is one and it is not",
    async (fake, peer) => {
      const before = fake.said(42).length;
      fake.fault("sendMessage", { kind: "drop-after" });
      attempt(fake, "once");
      await peer.saw(/^REFUSED NetworkError/);
      same(fake.said(42).length, before + 1);
      fake.fault("sendMessage", { kind: "502-html" });
      attempt(fake, "never");
      await peer.saw(/^REFUSED TelegramError {2}Invalid server response/);
      same(fake.said(42).length, before + 1);
    },
  ],
  [
    "being thrown out of a group and let in again is heard",
    async (fake, peer) => {
      fake.block(ROOM.id, true);
      await peer.saw(/^MEMBER member kicked$/);
      fake.block(ROOM.id, false);
      await peer.saw(/^MEMBER kicked member$/);
    },
  ],
  [
    "another poll cuts it off with a conflict, and it goes on polling",
    async (fake, peer) => {
      const polls = () => fake.frames.filter(({ method }) => method === "getUpdates").length;
      const before = polls();
      const other = call(fake, "getUpdates", { timeout: 30 });
      await peer.saw(/^ERROR Conflict/);
      await until("its next poll", () => polls() > before + 1);
      same((await other).status, 409);
    },
  ],
  [
    "what was said while the server was down is heard when it is back, once",
    async (fake, peer) => {
      await fake.down(true);
      await peer.saw(/^ERROR NetworkError/);
      fake.says(ana, DM, "while you were away");
      await fake.down(false);
      await peer.saw(/^HEARD while you were away$/);
    },
  ],
  [
    "it stops, every update was given and confirmed once, and nothing was sent that the types forbid",
    async (fake, peer) => {
      peer.child.stdin?.end();
      await peer.saw(/^STOPPED$/);
      const { given, confirmed, waiting } = fake.updates;
      same([confirmed, waiting], [given, 0]);
      same(peer.lines.filter((line) => line.startsWith("HEARD")).length, 1);
      same(fake.violations.length, 1);
    },
  ],
];

async function main(): Promise<void> {
  if (!install()) {
    console.log(`SKIPPED: ${APT} install -y ${PACKAGE}`);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "claudbot-peer-"));
  const picture = join(folder, "day.png");
  writeFileSync(picture, PIXEL);
  await using fake = await telegramFake({ chats: [DM, GROUP, ROOM] });
  const peer = start(fake, picture);
  let failed = 0;
  for (const [sentence, check] of RULES) {
    try {
      await check(fake, peer);
      console.log(`PASS ${sentence}`);
    } catch (cause) {
      failed += 1;
      console.log(`FAIL ${sentence}: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  }
  peer.child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
  if (failed > 0) console.log(peer.lines.join("\n"), fake.violations);
  console.log(`${RULES.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

await main();

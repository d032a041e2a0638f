/** Climbs the go-live ladder from paper to the second cap, driven only by what people type, and tells all that was said. */
import { setTimeout as pause } from "node:timers/promises";
import { type ChatRoom, slackRoom, telegramPrivate, telegramRoom } from "./chat-room.ts";
import { ANA, BO, CHANNEL, type ChatScene } from "./chat-scene.ts";
import { type GoliveScene, goliveScene, TIMES } from "./golive-scene.ts";

const PATIENCE_MS = 180_000;

export interface Climb {
  /** As people saw it, one entry after the other. */
  readonly lines: readonly string[];
  readonly creates: { readonly before: number; readonly after: number };
}

class Stage {
  readonly lines: string[] = [];
  readonly scene: GoliveScene;
  readonly rooms: { readonly [R in "group" | "private" | "slack"]: ChatRoom };
  readonly #told = new Map<ChatRoom, number>();

  constructor(scene: GoliveScene) {
    this.scene = scene;
    const of = scene as unknown as ChatScene;
    this.rooms = {
      group: telegramRoom(of),
      private: telegramPrivate(of, ANA),
      slack: slackRoom(of, CHANNEL),
    };
  }

  heading(text: string): void {
    this.lines.push(`\n## ${text}`);
    process.stdout.write(`${this.lines.at(-1)}\n`);
  }

  #note(where: string, text: string): void {
    const at = new Date(this.scene.now()).toISOString().slice(11, 19);
    this.lines.push(`[${at}] ${where}\n${text.replace(/^/gm, "  ")}`);
    process.stdout.write(`${this.lines.at(-1)}\n`);
  }

  /** Whatever was said since the last look. */
  look(): void {
    for (const [name, room] of Object.entries(this.rooms)) {
      const said = room.said();
      const from = this.#told.get(room) ?? 0;
      // The activity is heard in both rooms; it is told once.
      for (const { text } of said.slice(from)) {
        const isTwice =
          name !== "group" && this.rooms.group.said().some((one) => head(one.text) === head(text));
        if (!isTwice) this.#note(`desk → ${NAMES[name] ?? name}`, text);
      }
      this.#told.set(room, said.length);
    }
  }

  says(where: keyof Stage["rooms"], line: string, shown = line): void {
    this.look();
    this.#note(`${where === "slack" ? "Bo" : "Ana"} → ${NAMES[where] ?? where}`, shown);
    this.rooms[where].type(where === "slack" ? BO : ANA, line);
  }

  async hears(where: keyof Stage["rooms"], what: RegExp, from: number): Promise<string> {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      this.look();
      const found = this.rooms[where]
        .said()
        .slice(from)
        .find(({ text }) => what.test(text));
      if (found) return found.text;
      if (Date.now() > until) {
        throw new Error(
          `nobody said ${what} on ${where}\n${this.lines.slice(-12).join("\n")}\n${this.scene.output().slice(-3000)}`,
        );
      }
      await pause(50);
    }
  }

  async asks(
    where: keyof Stage["rooms"],
    line: string,
    what: RegExp,
    shown = line,
  ): Promise<string> {
    const from = this.rooms[where].said().length;
    this.says(where, line, shown);
    return this.hears(where, what, from);
  }
}

const NAMES: Readonly<Record<string, string>> = {
  group: "Telegram, incidents",
  private: "Telegram, Ana's private chat",
  slack: "Slack, #desk",
};
const head = (text: string): string => (text.split("\n")[0] ?? "").replaceAll("*", "");
const codeIn = (text: string): string =>
  /\/confirm ([A-Z0-9]{4})|Confirm ([A-Z0-9]{4})/.exec(text)?.slice(1).find(Boolean) ?? "";
const seconds = (desk: number): number => (desk * 1000) / TIMES;

/** Asks until nothing is missing any more. @returns the code of the request */
async function raised(stage: Stage, asked: RegExp): Promise<string> {
  for (;;) {
    const from = stage.rooms.group.said().length;
    stage.says("group", "/stage raise");
    const said = await stage.hears("group", new RegExp(`${asked.source}|Not yet`), from);
    if (asked.test(said)) {
      const shown = stage.rooms.group.said().findLast(({ text }) => asked.test(text));
      return codeIn(`${said}\n${(shown?.buttons ?? []).join("\n")}`);
    }
    await pause(seconds(120));
  }
}

/** Confirmed by Ana, her code, a second yes by Bo on the other platform, and the wait. */
async function allSteps(
  stage: Stage,
  code: string,
  typed: string | null,
  done: RegExp,
): Promise<void> {
  const asked = stage.rooms.private.said().length;
  stage.says("group", `/confirm ${code}`);
  await stage.hears("private", /Code wanted/, asked);
  const from = stage.rooms.group.said().length;
  stage.says("private", stage.scene.code(), "[six digits of her authenticator]");
  await pause(seconds(30));
  stage.says("slack", `/approve ${code}${typed === null ? "" : ` ${typed}`}`);
  await stage.hears("group", done, from);
}

async function drilled(stage: Stage, isReal: boolean): Promise<void> {
  await stage.asks("group", "/kill drill", /KILLED · /);
  const said = await stage.asks("group", "/rearm", /REARM/);
  const code = codeIn(`${said}\n${stage.rooms.group.said().at(-1)?.buttons.join("\n") ?? ""}`);
  if (isReal) await allSteps(stage, code, null, /REARMED/);
  else await stage.asks("group", `/confirm ${code}`, /REARMED/);
  await heardEverywhere(stage);
}

async function heardEverywhere(stage: Stage): Promise<void> {
  const from = stage.rooms.slack.said().length;
  await stage.asks("group", "/testalarm", /TEST ALARM/);
  await stage.hears("slack", /TEST ALARM/, from);
  const { group, slack } = stage.rooms;
  const press = async (room: ChatRoom, who: typeof ANA): Promise<void> => {
    const ringing = room.said().findLast(({ text }) => text.includes("TEST ALARM"));
    ringing?.press(who, "I hear it");
    await pause(seconds(20));
  };
  await press(group, ANA);
  await press(slack, BO);
  stage.look();
}

async function resumed(stage: Stage): Promise<void> {
  const said = await stage.asks("group", "/resume", /RESUME/);
  const code = codeIn(`${said}\n${stage.rooms.group.said().at(-1)?.buttons.join("\n") ?? ""}`);
  await stage.asks("group", `/confirm ${code}`, /RESUMED/);
}

/** Trades for a while, then pauses with nothing in its hands. */
async function traded(stage: Stage): Promise<void> {
  const from = stage.rooms.group.said().length;
  await stage.hears("group", /BUY filled/, from);
  await stage.hears("group", /SELL filled/, from);
  stage.scene.swing(false);
  await pause(seconds(30));
  await stage.asks("group", "/pause up the ladder", /PAUSED|paused/);
}

export async function climb(): Promise<Climb> {
  await using scene = await goliveScene();
  const stage = new Stage(scene);
  stage.heading("On paper");
  await stage.hears("group", /PAPER nyc1 · In agreement/, 0);
  await traded(stage);
  await stage.asks("group", "/stage", /STAGE 1 of 4/);
  const first = await raised(stage, /STAGE paper → shadow asked/);
  await stage.asks("group", `/confirm ${first}`, /SHADOW nyc1 · In agreement/);
  stage.heading("In shadow");
  scene.swing(true);
  await resumed(stage);
  await traded(stage);
  await drilled(stage, false);
  const before = scene.exchange.ledger.requests.creates;
  const second = await raised(stage, /STAGE shadow → first asked/);
  await allSteps(stage, second, "100", /LIVE nyc1 · In agreement/);
  stage.heading("Live, first cap");
  scene.swing(true);
  await resumed(stage);
  await traded(stage);
  await drilled(stage, true);
  const third = await raised(stage, /STAGE first → small asked/);
  await allSteps(stage, third, "250", /STAGE UP first → small/);
  stage.heading("Live, second cap");
  await stage.asks("group", "/stage", /STAGE 4 of 4/);
  await pause(seconds(20));
  stage.look();
  return { lines: stage.lines, creates: { before, after: scene.exchange.ledger.requests.creates } };
}

/** Both platforms' real adapters at their fakes, the console's ears at a stream, switchboards, and a real core for each message. */
import { PassThrough } from "node:stream";
import { COMMANDS } from "../../commands/table.ts";
import { listenConsole } from "../../src/adapters/console/receive.ts";
import { netTransport } from "../../src/adapters/net/net-transport.ts";
import { fetchOver } from "../../src/adapters/net/transport-fetch.ts";
import { openSlack } from "../../src/adapters/slack/open-slack.ts";
import { systemTimers } from "../../src/adapters/system/timers.ts";
import { openTelegram } from "../../src/adapters/telegram/open-telegram.ts";
import type { Telegram } from "../../src/adapters/telegram/telegram.ts";
import type { Card } from "../../src/chat/card.ts";
import { deskView } from "../../src/core/engine/view.ts";
import type { DeskView } from "../../src/core/engine/views.ts";
import { type InboundId, inboundId, type RoomId } from "../../src/core/kernel/ids.ts";
import type { StepUp } from "../../src/ports/step-up.ts";
import { Switchboard } from "../../src/run/switchboard.ts";
import { manualTime } from "./manual-time.ts";
import { memoryInbound } from "./memory-inbound.ts";
import { quietLog } from "./quiet-log.ts";
import { WALL } from "./sample-desk.ts";
import * as cast from "./scenario-cast.ts";
import { Cores, NOW } from "./scenario-desk.ts";
import { CODE, type Rule } from "./scenario-rules.ts";
import { SLACK_APP_TOKEN, SLACK_BOT_TOKEN, type SlackFake, slackFake } from "./slack-fake.ts";
import { seal } from "./switchboard-scene.ts";
import { privateChat, type TelegramFake, telegramFake } from "./telegram-fake.ts";

/** What the room of a message was told of it: headlines, by the part of the answer. */
export interface Told {
  readonly part: string;
  readonly headline: string;
}

export interface ScenarioScene extends AsyncDisposable {
  readonly telegram: TelegramFake;
  readonly slack: SlackFake;
  readonly cores: Cores;
  readonly told: Map<InboundId, Told[]>;
  /** Over Slack's sockets. */
  readonly slackEnvelopes: () => { readonly acknowledged: number; readonly open: number };
  readonly counts: () => ReturnType<Switchboard["counts"]>;
  /** From here on every message meets a desk prepared for this rule. @returns the line to say */
  meets(rule: Rule, role: cast.Role): string;
  /** Types at the terminal of a desk whose console is this person's. @returns the id of the line */
  types(role: cast.Role, line: string): Promise<InboundId>;
  /** All that was sent has been handed over and handled. */
  handled(): Promise<void>;
  /** Whispers on Slack since the last look: where, to whom, and what. */
  whispered(): readonly {
    readonly channel: string;
    readonly user: string;
    readonly text: string;
  }[];
}

/** Everybody has an authenticator, and it always shows the same. */
const STEP_UP: StepUp = {
  isEnrolled: () => true,
  check: async (_person, typed) =>
    typed === CODE ? { kind: "right", step: 9, recoveryLeft: 10 } : { kind: "wrong", left: 4 },
  isTheirs: (_person, typed) => typed === CODE,
  burn: async () => true,
  lockedUntil: () => null,
};
const NO_PULSE = { alive: () => undefined, failing: () => undefined };
const NO_NOTICES = { note: () => undefined };
const EMPTY_BOOK = {
  last: async () => [],
  about: async () => null,
  verify: async () => ({ rows: 0, head: null, upTo: 0, behind: 0, broken: null }),
};
/** Sockets of this machine are slow only when it is busy. */
const PATIENCE_MS = 20_000;

export async function until(holds: () => boolean, what: string, ms = PATIENCE_MS): Promise<void> {
  for (const end = Date.now() + ms; !holds(); ) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

const now = (): number => NOW;

export async function scenarioScene(): Promise<ScenarioScene> {
  const log = quietLog();
  const time = manualTime(NOW);
  const cores = new Cores();
  const told = new Map<InboundId, Told[]>();
  let view: DeskView = deskView(cores.template("nobody").state, NOW);
  const [telegram, slack] = await Promise.all([
    telegramFake({ now }),
    slackFake({ now, ackMs: 600_000, pingMs: 60_000 }),
  ]);
  telegram.introduce(cast.GROUP, cast.OTHER_GROUP);
  for (const role of cast.ROLES) {
    telegram.introduce(privateChat(cast.ACTORS[role].telegram));
    slack.addUser(cast.ACTORS[role].slack);
  }
  for (const channel of [cast.CHANNEL, cast.OTHER_CHANNEL]) slack.addChannel(channel);

  const courier = {
    answer: async (_room: RoomId, { headline }: Card, dedupe: string): Promise<void> => {
      const [, id = "", part = ""] = /^inbound:(.*):([a-z]+)$/.exec(dedupe) ?? [];
      const of = inboundId(id);
      told.set(of, [...(told.get(of) ?? []), { part, headline }]);
    },
    derivedThrough: async () => undefined,
  };
  const transport = netTransport();
  const doors = {
    ...{ fetch: fetchOver(transport, 60_000), openSocket: transport.openSocket, log },
    ...{ clock: time.clock, timers: systemTimers, seal: { of: seal } },
    ...{ pulse: NO_PULSE, notices: NO_NOTICES },
  };
  const ears = openTelegram(doors, {
    ...{ apiRoot: telegram.url, token: telegram.token, menus: [], webhook: null },
    rooms: cast.TELEGRAM_ROOMS,
  });
  const other = openSlack(doors, {
    ...{ apiUrl: slack.url, botToken: SLACK_BOT_TOKEN, appToken: SLACK_APP_TOKEN },
    ...{ signingSecret: null, command: "/claudbot", accounts: cast.SLACK_ACCOUNTS },
    isFirst: true,
  });
  const board = (atConsole: cast.Role | null): Switchboard =>
    new Switchboard(
      {
        ...{ clock: time.clock, timers: time.timers, log, inbound: memoryInbound(), courier },
        engine: { submit: async (request, by) => cores.submit(request, by) },
        ...{ query: { view: () => view }, notices: NO_NOTICES, book: EMPTY_BOOK },
        shown: {
          delivered: () => undefined,
          start: async () => undefined,
          seen: (request) => request,
        },
      },
      {
        ...{ commands: COMMANDS, people: cast.people(atConsole), rooms: cast.ROOMS, wall: WALL },
        manner: (room) => mannerOf(room, ears),
        ...{ seal, stepUp: STEP_UP, perMinute: Number.POSITIVE_INFINITY },
      },
    );
  const main = board(null);
  const terminals = new Map(cast.ROLES.map((role) => [role, terminal(role, board, time.clock)]));
  ears.ears.start(main);
  other.ears.start(main);
  await until(() => slack.connections === 1 && ears.username() !== "", "both platforms to be open");
  const envelopes = openEnvelopes(slack);
  let whispers = 0;
  return {
    ...{ telegram, slack, cores, told, slackEnvelopes: envelopes },
    counts: () => main.counts(),
    meets(rule, role) {
      cores.before = rule.before ?? cores.before;
      cores.clear();
      told.clear();
      const desk = cores.template(cast.ACTORS[role].id);
      view = deskView(desk.state, NOW);
      return typeof rule.line === "string" ? rule.line : rule.line(desk);
    },
    types: async (role, line) => (await terminals.get(role)?.type(line)) ?? inboundId("nobody"),
    async handled() {
      await until(() => telegram.updates.waiting === 0, "every update to be confirmed");
      await until(() => envelopes().open === 0, "every envelope to be acknowledged");
      await main.idle();
      await time.settle();
    },
    whispered() {
      const fresh = slack.frames.slice(whispers);
      whispers += fresh.length;
      return fresh
        .filter(({ method }) => method === "chat.postEphemeral")
        .map(({ payload }) => payload as { channel: string; user: string; text: string });
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([ears.ears.stop(), other.ears.stop()]);
      for (const { stop } of terminals.values()) stop();
      await main[Symbol.asyncDispose]();
      await transport.close();
      await Promise.all([telegram[Symbol.asyncDispose](), slack[Symbol.asyncDispose]()]);
    },
  };
}

function mannerOf(room: RoomId, { username }: Telegram) {
  if (room.startsWith("console:")) return { bareWords: true, ownName: null };
  return { bareWords: false, ownName: room.startsWith("telegram:") ? username() : null };
}

/** What went over the sockets so far: acknowledged by us, and not yet. */
function openEnvelopes({ socketFrames }: SlackFake): ScenarioScene["slackEnvelopes"] {
  const count = { in: 0, out: 0 };
  let looked = 0;
  return () => {
    for (; looked < socketFrames.length; looked += 1) {
      const frame = socketFrames[looked];
      if (frame?.body["envelope_id"] !== undefined) count[frame.direction] += 1;
    }
    return { acknowledged: count.in, open: count.out - count.in };
  };
}

/** A script of lines at a terminal that is this person's. */
function terminal(
  role: cast.Role,
  board: (atConsole: cast.Role) => Switchboard,
  clock: Parameters<typeof listenConsole>[0]["clock"],
): { readonly type: (line: string) => Promise<InboundId>; readonly stop: () => void } {
  const own = board(role);
  const input = new PassThrough();
  let heard = (_id: InboundId): void => undefined;
  const ears = listenConsole({
    ...{ input, clock, run: role },
    async hear(arrival) {
      own.receive(arrival);
      await own.idle();
      heard(arrival.id);
    },
  });
  return {
    type: (line) =>
      new Promise((resolve) => {
        heard = resolve;
        input.write(`${line}\n`);
      }),
    stop: () => ears.stop(),
  };
}

/** What the Slack tests share: doors that remember what they were told, deliveries, and Slack itself opened on a fake. */
import { netTransport } from "../../../src/adapters/net/net-transport.ts";
import { fetchOver } from "../../../src/adapters/net/transport-fetch.ts";
import { openSlack } from "../../../src/adapters/slack/open-slack.ts";
import type { Slack, SlackDoors, SlackSettings } from "../../../src/adapters/slack/slack.ts";
import { systemClock } from "../../../src/adapters/system/clock.ts";
import { systemTimers } from "../../../src/adapters/system/timers.ts";
import { card } from "../../../src/chat/compose.ts";
import type { Notice } from "../../../src/core/engine/input.ts";
import { type RoomId, roomId } from "../../../src/core/kernel/ids.ts";
import type { Delivery } from "../../../src/ports/deliveries.ts";
import type { Echo, Hearer } from "../../../src/ports/hearer.ts";
import type { Arrival } from "../../../src/ports/inbound.ts";
import type { Fields, Log } from "../../../src/ports/log.ts";
import type { Notices, Pulse } from "../../../src/ports/notices.ts";
import type { Seal } from "../../../src/ports/seal.ts";
import {
  SLACK_APP_TOKEN,
  SLACK_BOT_TOKEN,
  SLACK_SIGNING_SECRET,
  type SlackFake,
  TEAM,
} from "../../kit/slack-fake.ts";

export const OPS = "C0OPS";
export const ROOM: RoomId = roomId(`slack:${OPS}`);
export const ANA = "U0ANA";
export const ANAS: RoomId = roomId(`slack:@${ANA}`);

export const SEAL: Seal = { of: (id, verb) => `${id}${verb}0000000000000000`.slice(0, 16) };

export const CARD = card({
  headline: "BUY filled 0.00152 BTC @ 65,084.10",
  lines: ["$98.93 + fee $0.59", "Day -$3.10 of -$150"],
  event: "F7A3",
});

let rows = 0;
export function delivery(of: Partial<Delivery> = {}): Delivery {
  rows += 1;
  return {
    ...{ id: rows, room: ROOM, lane: "info", eventSeq: 1, dedupe: `event:${rows}`, key: null },
    ...{ edit: false, under: null, card: CARD, at: systemClock.now(), attempts: 0 },
    ...{ uncertain: false, attemptedAt: null, mark: null, messageId: null, rootId: null },
    ...of,
  };
}

export interface Told {
  readonly log: Log;
  readonly pulse: Pulse;
  readonly notices: Notices;
  readonly notes: Notice[];
  /** `alive`, `failing: why`, `lasting: why`; never the same twice running. */
  readonly health: string[];
  /** Sentences with their fields. */
  readonly logged: string[];
}

export function told(): Told {
  const logged: string[] = [];
  const notes: Notice[] = [];
  const health: string[] = [];
  const keep = (sentence: string, fields: Fields = {}): void => {
    logged.push(`${sentence} ${JSON.stringify(fields)}`);
  };
  const say = (word: string): void => {
    if (health.at(-1) !== word) health.push(word);
  };
  return {
    ...{ logged, notes, health },
    log: { debug: keep, info: keep, warn: keep, error: keep },
    notices: { note: (notice) => void notes.push(notice) },
    pulse: {
      alive: () => say("alive"),
      failing: (_platform, why, lasting) => say(`${lasting ? "lasting" : "failing"}: ${why}`),
    },
  };
}

export interface Heard extends Hearer {
  readonly arrivals: Arrival[];
  readonly echoes: Echo[];
  readonly away: string[];
  /** What happens when something comes: taken at once, unless a test says otherwise. */
  onArrival: (arrival: Arrival, echo: Echo) => void;
}

export function ear(): Heard {
  const heard: Heard = {
    ...{ arrivals: [], echoes: [], away: [] },
    onArrival: (_arrival, echo) => echo.taken(),
    receive(arrival, echo) {
      heard.arrivals.push(arrival);
      if (echo) {
        heard.echoes.push(echo);
        heard.onArrival(arrival, echo);
      }
    },
    turnedAway: (_platform, origin) => void heard.away.push(origin),
  };
  return heard;
}

export interface Opened extends Told {
  readonly slack: Slack;
  readonly close: () => Promise<void>;
}

export const settingsOf = (
  fake: Pick<SlackFake, "url">,
  of: Partial<SlackSettings> = {},
): SlackSettings => ({
  ...{ apiUrl: fake.url, botToken: SLACK_BOT_TOKEN, appToken: SLACK_APP_TOKEN },
  ...{ signingSecret: SLACK_SIGNING_SECRET, command: "/claudbot" },
  accounts: [`slack:${TEAM}/${ANA}`],
  ...of,
});

/** Slack over real sockets and real time. */
export function open(settings: SlackSettings, doors: Partial<SlackDoors> = {}): Opened {
  const transport = netTransport();
  const all = told();
  const slack = openSlack(
    {
      fetch: fetchOver(transport, 10_000),
      openSocket: transport.openSocket,
      clock: systemClock,
      timers: systemTimers,
      seal: SEAL,
      ...all,
      ...doors,
    },
    settings,
  );
  return {
    ...all,
    slack,
    async close() {
      await slack.ears.stop();
      await transport.close();
    },
  };
}

/** Looks again every few milliseconds until it is so. */
export async function until(isSo: () => boolean, what = "it never came about"): Promise<void> {
  for (let waited = 0; !isSo(); waited += 5) {
    if (waited > 8_000) throw new Error(what);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

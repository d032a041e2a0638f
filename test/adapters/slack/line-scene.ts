/** Slack over a line that a test writes itself, in time that moves only when it says so. */
import { beforeEach } from "vitest";
import { openSlack } from "../../../src/adapters/slack/open-slack.ts";
import type { Slack } from "../../../src/adapters/slack/slack.ts";
import type { SocketHandlers } from "../../../src/ports/transport.ts";
import { type ManualTime, manualTime } from "../../kit/manual-time.ts";
import { NOW } from "../../kit/sample-desk.ts";
import { TEAM } from "../../kit/slack-fake.ts";
import { ANA, ear, type Heard, OPS, SEAL, type Told, told } from "./rig.ts";

export interface Line extends SocketHandlers {
  readonly sent: string[];
  closed: boolean;
}

export interface LineScene {
  time: ManualTime;
  all: Told;
  heard: Heard;
  slack: Slack;
  lines: Line[];
  /** When each method was asked, in milliseconds from the start. */
  asked: (readonly [method: string, atMs: number])[];
  /** What each method answers, at once or later. */
  answers: Record<string, (said: URLSearchParams) => object>;
}

export const refuse = (error: string) => () => ({ ok: false, error });
export const down = (): never => {
  throw Object.assign(new TypeError("x"), { failed: "not-sent" });
};
export const fine = (lines: readonly Line[]): LineScene["answers"] => ({
  "auth.test": () => ({ ok: true, team_id: TEAM, user_id: "U0BOT", bot_id: "B0BOT" }),
  "apps.connections.open": () => ({ ok: true, url: `wss://slack.test/?ticket=${lines.length}` }),
  "users.info": () => ({ ok: true, user: {} }),
});

/** Made anew before every test of the file. */
export function lineScene(): LineScene {
  const scene: Partial<LineScene> = {};
  beforeEach(
    () =>
      void Object.assign(
        scene,
        made(() => scene.answers ?? {}),
      ),
  );
  // Whole from the first test on, and read in none before.
  return scene as LineScene;
}

function made(answers: () => LineScene["answers"]): LineScene {
  const [time, all, lines] = [manualTime(NOW), told(), [] as Line[]];
  const asked: LineScene["asked"] = [];
  const slack = openSlack(
    {
      ...all,
      ...{ clock: time.clock, timers: time.timers, seal: SEAL },
      async fetch(input, init) {
        const method = String(input).split("/").at(-1) ?? "";
        asked.push([method, time.clock.now() - NOW]);
        const said = new URLSearchParams(String(init?.body ?? ""));
        return Response.json((await answers()[method]?.(said)) ?? refuse("unknown_method")());
      },
      openSocket(_url, handlers) {
        const line = { ...handlers, sent: [] as string[], closed: false };
        lines.push(line);
        return {
          send: (text) => void line.sent.push(text),
          close: () => {
            line.closed = true;
          },
        };
      },
    },
    {
      ...{ apiUrl: "https://slack.test/api/", botToken: "xoxb-1", appToken: "xapp-1" },
      ...{ signingSecret: null, command: "/claudbot", accounts: [`slack:${TEAM}/${ANA}`] },
    },
  );
  return { time, all, lines, asked, slack, heard: ear(), answers: fine(lines) };
}

export const hello = (line: Line | undefined, num_connections = 1): void => {
  line?.open();
  line?.message(JSON.stringify({ type: "hello", num_connections }));
};

export const slash = (line: Line | undefined, envelope_id: string, command = "/claudbot"): void =>
  line?.message(
    JSON.stringify({
      ...{ envelope_id, type: "slash_commands", accepts_response_payload: true },
      payload: {
        ...{ team_id: TEAM, channel_id: OPS, user_id: ANA, command, text: "status" },
        trigger_id: envelope_id,
      },
    }),
  );

export const mention = (line: Line | undefined, envelope_id: string, text: string): void =>
  line?.message(
    JSON.stringify({
      ...{ envelope_id, type: "events_api" },
      payload: {
        ...{ team_id: TEAM, event_id: "Ev1" },
        event: { type: "app_mention", user: ANA, text, ts: "1794506825.1", channel: OPS },
      },
    }),
  );

export async function listen(at: LineScene): Promise<Line | undefined> {
  at.slack.ears.start(at.heard);
  await at.time.settle();
  hello(at.lines[0]);
  return at.lines[0];
}

/** Slack as the desk sees it: a mouth, ears, and what both stand on. */
import type { Clock } from "../../ports/clock.ts";
import type { Ears } from "../../ports/hearer.ts";
import type { Home } from "../../ports/home.ts";
import type { Hook } from "../../ports/hook.ts";
import type { Log } from "../../ports/log.ts";
import type { Messenger } from "../../ports/messenger.ts";
import type { Notices, Pulse } from "../../ports/notices.ts";
import type { Seal } from "../../ports/seal.ts";
import type { Timers } from "../../ports/timers.ts";
import type { Transport } from "../../ports/transport.ts";

export interface SlackDoors {
  /** A fetch over the Transport port: what it throws carries `failed: "not-sent" | "ambiguous"`. */
  readonly fetch: typeof globalThis.fetch;
  readonly openSocket: Transport["openSocket"];
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly pulse: Pulse;
  readonly notices: Notices;
  readonly seal: Seal;
  /** What is shown in the app's own tab; nothing unless given. */
  readonly home?: Home;
}

export interface SlackSettings {
  /** Ends with a slash. */
  readonly apiUrl: string;
  readonly botToken: string;
  /** For Socket Mode; null: Slack sends requests to `Slack.hook`. */
  readonly appToken: string | null;
  /** For HTTP mode. */
  readonly signingSecret: string | null;
  /** `/claudbot` */
  readonly command: string;
  /** `slack:<team>/<user>` of everybody who may speak; looked up at start and daily: no guests, no bots, nobody deleted. */
  readonly accounts: readonly string[];
  /** Nobody of ours listened with these tokens a moment ago: whoever else does is told of at once, not after a minute. */
  readonly isFirst?: boolean;
}

export interface Slack {
  readonly messenger: Messenger;
  readonly ears: Ears;
  /** Where Slack's requests are taken in HTTP mode, else null. */
  readonly hook: Hook | null;
}

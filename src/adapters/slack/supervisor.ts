/** Keeps one Socket Mode connection to Slack open for as long as it takes: reconnects at once, and hands over without a gap. */
// Slack's own client waits five seconds after a loss, and for ever after a refusal. What comes over the line is not read here.
import type { Log } from "../../ports/log.ts";
import { backoffMs, LONGEST_MS } from "./backoff.ts";
import type { Ask } from "./client.ts";
import type { Failure } from "./failure.ts";
import { type Fields, textOf } from "./fields.ts";
import type { Health } from "./health.ts";
import type { Listeners } from "./listeners.ts";
import { type Link, type LinkDoors, openLink } from "./socket-link.ts";

export interface SupervisorDoors extends LinkDoors {
  readonly log: Log;
  readonly health: Health;
  /** Speaks with the app's token, not the bot's. */
  readonly ask: Ask;
  readonly listeners: Listeners;
  /** `acknowledge` is to be called once; null: Slack is told nothing. */
  readonly envelope: (envelope: Fields, acknowledge: (message: Fields | null) => void) => void;
}

/** A connection that lived this long had no trouble worth waiting for. */
const STEADY_MS = 5_000;

/** A connection that was replaced is kept so long, and for as long as an acknowledgement is owed over it. */
const LINGER_MS = 1_000;

interface Line {
  link: Link | null;
  greetedAt: number | null;
  /** Slack has asked for another in its place, which it may do twice. */
  leaving: boolean;
  /** What keeps it: acknowledgements owed over it, and a while after it was replaced. */
  owed: number;
  /** Another has taken its place. */
  retired: boolean;
  cancelLinger: () => void;
}

export class Supervisor {
  readonly #doors: SupervisorDoors;
  readonly #lines = new Set<Line>();
  /** The one that counts; null while there is none. */
  #current: Line | null = null;
  /** Another is on its way. */
  #opening = false;
  #stopped = false;
  /** Since a connection last proved steady. */
  #failures = 0;
  /** That there is none has been logged. */
  #isTold = false;
  #cancel = (): void => undefined;

  constructor(doors: SupervisorDoors) {
    this.#doors = doors;
    doors.listeners.onDoubt(() => {
      if (this.#current !== null) this.#replace(this.#current);
    });
  }

  start(): void {
    void this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
    for (const line of [...this.#lines]) this.#drop(line);
  }

  #again(waitMs: number): void {
    this.#cancel();
    if (this.#stopped) return;
    if (waitMs === 0) void this.#connect();
    else this.#cancel = this.#doors.timers.after(waitMs, () => void this.#connect());
  }

  /** At once when the line was steady; else ever later, so that a Slack that greets and sends away is not stormed. */
  #replace({ greetedAt }: Line): void {
    const isSteady = greetedAt !== null && this.#doors.clock.now() - greetedAt >= STEADY_MS;
    if (isSteady) this.#failures = 0;
    const waitMs = backoffMs(this.#failures);
    this.#failures += 1;
    this.#again(waitMs);
  }

  /** Beside the current one, if there is one: that stays until the new one is greeted. */
  async #connect(): Promise<void> {
    if (this.#opening || this.#stopped) return;
    this.#opening = true;
    const answer = await this.#doors.ask("apps.connections.open");
    if (this.#stopped) return;
    const url = answer.ok ? textOf(answer.value["url"]) : null;
    if (url !== null) return this.#open(url);
    this.#opening = false;
    this.#refused(
      answer.ok ? { kind: "unclear", why: "an answer without an address" } : answer.error,
    );
  }

  #refused(failure: Failure): void {
    const { kind, why } = failure;
    const lasting = kind === "locked-out";
    if (this.#current === null) this.#doors.health.bad("ears", why, lasting);
    if (!this.#isTold) this.#doors.log.warn("no connection to Slack", { why });
    this.#isTold = true;
    const failures = Math.max(1, this.#failures);
    this.#failures = failures + 1;
    const atLeast = kind === "later" ? failure.afterMs : 0;
    this.#again(lasting ? LONGEST_MS : Math.max(atLeast, backoffMs(failures)));
  }

  #open(url: string): void {
    const line: Line = {
      ...{ link: null, greetedAt: null, leaving: false, owed: 0, retired: false },
      cancelLinger() {},
    };
    this.#lines.add(line);
    line.link = openLink(url, this.#doors, {
      hello: (connections) => this.#greeted(line, connections),
      heard: () => {
        if (line.greetedAt !== null) this.#doors.health.well("ears");
      },
      envelope: (envelope) => {
        if (this.#stopped) return;
        line.owed += 1;
        this.#doors.envelope(envelope, (message) => this.#acknowledge(line, message));
      },
      leave: (reason) => this.#leave(line, reason),
      over: (broken) => this.#over(line, broken),
    });
  }

  #greeted(line: Line, connections: number | null): void {
    if (line.greetedAt !== null) return;
    line.greetedAt = this.#doors.clock.now();
    this.#opening = false;
    this.#isTold = false;
    const before = this.#current;
    this.#current = line;
    this.#doors.health.well("ears");
    this.#doors.listeners.counted(connections, this.#lines.size);
    if (before !== null) this.#retire(before);
  }

  /** Slack may have sent something over it a moment ago, and may wait for an answer over it. */
  #retire(line: Line): void {
    line.retired = true;
    line.owed += 1;
    line.cancelLinger = this.#doors.timers.after(LINGER_MS, () => this.#settled(line));
  }

  #settled(line: Line): void {
    line.owed -= 1;
    if (line.retired && line.owed === 0) this.#drop(line);
  }

  #leave(line: Line, reason: string): void {
    if (reason !== "link_disabled") {
      if (line !== this.#current || line.leaving) return;
      line.leaving = true;
      if (!this.#opening) this.#replace(line);
      return;
    }
    this.#doors.log.warn("Socket Mode is switched off for our app");
    this.#doors.health.bad("ears", reason, true);
    this.#drop(line);
    this.#forget(line);
    this.#failures += 1;
    if (this.#current === null && !this.#opening) this.#again(LONGEST_MS);
  }

  #over(line: Line, broken: boolean): void {
    const { health, listeners, log } = this.#doors;
    this.#lines.delete(line);
    const isGreeted = line.greetedAt !== null;
    if (broken && isGreeted) listeners.lost();
    if (this.#stopped || line.retired) return;
    this.#forget(line);
    if (this.#opening) return;
    const why = isGreeted ? "the connection was lost" : "a connection was not greeted";
    if (this.#current === null) health.bad("ears", why, false);
    if (!this.#isTold) log.warn("a connection to Slack ended", { why });
    this.#isTold = true;
    this.#replace(line);
  }

  /** It is neither the current one any more nor on its way. */
  #forget(line: Line): void {
    if (this.#current === line) this.#current = null;
    if (line.greetedAt === null) this.#opening = false;
  }

  #acknowledge(line: Line, message: Fields | null): void {
    // Slack may take it over another connection; over none at all it sends the thing again.
    if (message !== null && !line.link?.send(message)) this.#current?.link?.send(message);
    this.#settled(line);
  }

  #drop(line: Line): void {
    this.#lines.delete(line);
    line.cancelLinger();
    line.link?.close();
  }
}

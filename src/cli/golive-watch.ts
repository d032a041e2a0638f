/** Runs the go-live checks beside a desk with a ladder, and tells it which stay red: without a new outcome it goes nowhere. */
import type { Coinbase } from "../adapters/coinbase/open-coinbase.ts";
import type { Permissions } from "../adapters/coinbase/rest/key-permissions.ts";
import type { Config } from "../config/config.ts";
import type { Desk } from "../core/engine/desk.ts";
import { isUnwritten } from "../core/engine/unwritten.ts";
import type { DeskView } from "../core/engine/views.ts";
import type { RoomId } from "../core/kernel/ids.ts";
import type { Result } from "../core/kernel/result.ts";
import type { Instant } from "../core/kernel/time.ts";
import type { Clock } from "../ports/clock.ts";
import type { Timers } from "../ports/timers.ts";
import type { VenueFault } from "../ports/venue.ts";
import { lateness, within } from "../run/within.ts";
import { goliveChecks, type Heard } from "./golive-checks.ts";

const EVERY_MS = 5000;
/** What the key may do is asked of the venue, not each time. */
const RIGHTS_MS = 240_000;
/** An answer about the key is good for so long while the venue gives no newer one. */
const RIGHTS_LAST_MS = 600_000;
const PATIENCE_MS = 5000;

export interface GoliveWatch {
  /** As started: whether live is armed. */
  readonly config: Config;
  /** Of this run: `paper`, `shadow`, `live`. */
  readonly mode: string;
  readonly coinbase: Pick<Coinbase, "permissions">;
  readonly hasKey: boolean;
  /** The running desk's own: it is only read. */
  readonly durable: Desk;
  readonly routes: readonly RoomId[];
  readonly view: () => DeskView;
  readonly checked: (red: readonly string[]) => void;
  readonly clock: Clock;
  readonly timers: Timers;
}

/** @returns what ends it */
export function watchGolive(of: GoliveWatch): () => Promise<void> {
  const { config, clock, timers, durable, routes, hasKey } = of;
  if (config.ladder.length === 0) return async () => undefined;
  let rights: Result<Permissions, VenueFault> | null = null;
  let askedAt: Instant | null = null;
  let readAt: Instant | null = null;
  let before: readonly string[] | null = null;
  let stopped = false;

  const ask = async (): Promise<void> => {
    if (!hasKey || (askedAt !== null && clock.now() - askedAt < RIGHTS_MS)) return;
    askedAt = clock.now();
    const asked = await within(timers, PATIENCE_MS, of.coinbase.permissions);
    const answer: Result<Permissions, VenueFault> = asked.ok
      ? asked.value
      : { ok: false, error: { kind: "unavailable", detail: lateness(asked.error) } };
    const at = clock.now();
    if (answer.ok) readAt = at;
    else {
      // What could not be read is asked again at the next look.
      askedAt = null;
      if (readAt !== null && at - readAt < RIGHTS_LAST_MS) return;
    }
    rights = answer;
  };
  const look = async (): Promise<void> => {
    await ask();
    if (stopped) return;
    const view = of.view();
    const checks = goliveChecks({
      ...{ config, permissions: rights, desk: durable, routes, aheadMs: view.clockAheadMs },
      market: heard(view, "market"),
      user:
        of.mode === "paper"
          ? { why: "on paper the real account is not listened to" }
          : heard(view, "user"),
      journal: written(view),
    });
    const red = checks.filter(({ green }) => !green).map(({ name }) => name);
    // A moment's red must not void what people have agreed on for hours.
    const last = before ?? red;
    before = red;
    of.checked(red.filter((name) => last.includes(name)));
  };
  let busy = false;
  const due = (): void => {
    if (busy) return;
    busy = true;
    look().then(
      () => {
        busy = false;
      },
      () => {
        busy = false;
      },
    );
  };
  due();
  const cancel = timers.every(EVERY_MS, due);
  return async () => {
    stopped = true;
    cancel();
  };
}

function heard({ feeds }: DeskView, stream: string): Heard {
  const ageMs = feeds.find((each) => each.stream === stream)?.ageMs ?? null;
  return ageMs === null ? { why: "not heard yet" } : { aliveMs: ageMs };
}

/** A desk that runs has just been recovered from its journal; whether that still takes events, the desk says itself. */
function written({ paused, counts }: DeskView): { wrong: string | null; evidence: string } {
  return {
    wrong: paused && isUnwritten(paused) ? paused.reason : null,
    evidence: `recovered at this start, takes events; ${counts.orders} orders in it`,
  };
}

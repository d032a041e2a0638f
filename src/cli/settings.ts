/** What the engine is set up with, from the configuration. */
import type { Config } from "../config/config.ts";
import type { Settings } from "../core/engine/state.ts";
import type { RoomId } from "../core/kernel/ids.ts";
import { GATE } from "../core/risk/gate.ts";
import { maCross } from "../core/strategy/ma-cross.ts";

const LIST_EVERY_MS = 30_000;
/** A decision is sent while it is this young: one bar, but never less than ten seconds nor more than a minute. */
const SIGNAL_LIFE_MS = { least: 10_000, most: 60_000 } as const;

/** The rooms that a test alarm has to reach. A console counts only where there is nothing else: nobody need sit at it. */
export function routesOf({ rooms }: Config): readonly RoomId[] {
  const told = rooms.filter(({ hears }) => hears.includes("incidents")).map(({ id }) => id);
  const away = told.filter((id) => !id.startsWith("console:"));
  return away.length > 0 ? away : told;
}

export const deskSettings = (config: Config, admissionMs: number): Settings => ({
  deploy: config.deployId,
  products: config.products,
  quoteCurrency: config.quoteCurrency,
  barMs: config.barMs,
  strategy: maCross(config.strategy.fast, config.strategy.slow),
  orderQuote: config.entry.worth,
  sizing: config.entry.sizing,
  execution: config.entry.execution,
  preview: config.entry.preview,
  stopBps: config.entry.stopBps,
  takeBps: config.entry.takeBps,
  signalLifeMs: Math.min(SIGNAL_LIFE_MS.most, Math.max(SIGNAL_LIFE_MS.least, config.barMs)),
  admissionMs,
  listEveryMs: LIST_EVERY_MS,
  authority: config.authority,
  ladder: config.ladder,
  routes: routesOf(config),
  rules: GATE,
  policy: config.policy,
  // Real money takes two words: the profile, and DRY_RUN=false.
  armed: !config.dryRun,
});

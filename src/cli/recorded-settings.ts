/** Settings as data for a recording, and back: strategy and rules are code, and are found again by name. */
import type { Config } from "../config/config.ts";
import type { Settings } from "../core/engine/state.ts";
import { GATE } from "../core/risk/gate.ts";
import { maCross } from "../core/strategy/ma-cross.ts";
import type { Strategy } from "../core/strategy/strategy.ts";
import type { RecordedSettings } from "../ports/recorder.ts";
import { StartError } from "./start-error.ts";

/** @param known the configuration that the strategy was made from, or null for one that only this run has */
export function recordable(settings: Settings, known: Config["strategy"] | null): RecordedSettings {
  const { strategy, rules, ...rest } = settings;
  const parameters = known && { fast: known.fast, slow: known.slow };
  return {
    ...rest,
    strategy: { name: strategy.name, parameters },
    rules: rules.map(({ name }) => name),
  };
}

/** With this program's own strategies and rules. @throws StartError when it does not have the strategy */
export function settingsFrom(recorded: RecordedSettings): Settings {
  return { ...recorded, strategy: strategyFrom(recorded.strategy), rules: GATE };
}

function strategyFrom({ name, parameters }: RecordedSettings["strategy"]): Strategy {
  const { fast, slow } = parameters ?? {};
  if (name === "ma-cross" && fast !== undefined && slow !== undefined) return maCross(fast, slow);
  throw new StartError(`the strategy ${name} of that run is not one that this program can make`);
}

/** Rules that only one of the two has: then different events are no wonder. Null when there are none. */
export function otherRules({ rules }: RecordedSettings): string | null {
  const ours: readonly string[] = GATE.map(({ name }) => name);
  const gone = rules.filter((name) => !ours.includes(name));
  const added = ours.filter((name) => !rules.includes(name));
  if (gone.length + added.length === 0) return null;
  return `the gate has changed since: ${[...gone.map((name) => `-${name}`), ...added.map((name) => `+${name}`)].join(", ")}`;
}

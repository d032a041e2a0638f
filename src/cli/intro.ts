/** What a desk says first: who it is, what bounds its losses, and where every door leads. */
import { heading } from "../chat/heading.ts";
import type { Config } from "../config/config.ts";
import { regionBanner } from "../core/risk/region.ts";
import { safetyBanner } from "./banner.ts";
import { VERSION } from "./version.ts";

export function intro(
  { config, headless }: { readonly config: Config; readonly headless: boolean },
  rows: readonly (readonly [string, string])[],
  notes: readonly string[],
): string {
  const lines = [
    `claudbot ${VERSION} · ${heading(config.profile, config.name)}${config.profile === "demo" ? " · no real money, no real exchange" : ""}`,
    `  ${safetyBanner(config)}`,
    ...(config.region === null ? [] : [`  ${regionBanner(config.region)}`]),
    ...rows.map(([what, where]) => `  ${what}: ${where}`),
    ...[...config.notes, ...notes].map((note) => `  note: ${note}`),
    ...(headless ? [] : ["  Type /help for what I understand. Ctrl-C stops the desk."]),
  ];
  return `${lines.join("\n")}\n`;
}

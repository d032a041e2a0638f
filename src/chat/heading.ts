/** The first line of every message: mark, mode, desk name, result. Enough on a lock screen. */
import type { Card } from "./card.ts";
import { clean } from "./clean.ts";

/** `LIVE nyc1` */
export const heading = (mode: string, name: string): string =>
  clean(`${mode.toUpperCase()} ${name}`, 40) || "claudbot";

/** `🔴 LIVE nyc1 · TRIPPED daily loss −$151.20 / −$150` */
export const firstLine = (card: Card, head: string): string =>
  `${card.mark === "" ? "" : `${card.mark} `}${head} · ${card.headline}`;

/** The last line ends with the event's id; a card without lines ends with it on its first. */
export const withEvent = (line: string, card: Card): string =>
  card.event === "" ? line : `${line} #${card.event}`;

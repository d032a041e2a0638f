/** What a raise on the ladder puts before the eyes of whoever confirms: caps from and to, the worst case, the evidence. */
import type { Rung } from "../control/stage.ts";
import { decimal } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import { evidence } from "./stage-evidence.ts";
import { type CapChange, capChanges, worstCase } from "./stage-terms.ts";
import type { State } from "./state.ts";

/** So many changed caps stand in the request; /stage lists all. */
const MOST_CAPS = 6;

export function raiseDetail(
  state: State,
  { from, to }: { readonly from: Rung; readonly to: Rung },
  at: Instant,
): readonly string[] {
  const changes = capChanges(state, to);
  const worst = worstCase(state, to);
  const shown = state.desk.stage ? evidence(state, state.desk.stage, to.needs, at) : [];
  const met = shown.filter((each) => each.met).length;
  const caps = changes.map(capWords);
  const rest = changes.length - MOST_CAPS;
  // The first two lines stand also where there is room for no more.
  return [
    ...(caps.length === 0 ? [] : [caps.slice(0, 2).join(" · ")]),
    `Evidence ${met}/${shown.length}${from.venue === to.venue ? "" : ` · ${VENUE[to.venue]}`}`,
    ...inPairs(caps.slice(2, MOST_CAPS)),
    ...(rest > 0 ? [`and ${rest} more caps: /stage`] : []),
    ...(worst === null
      ? []
      : [
          `Worst case $${dollars(decimal(worst))} at stake${to.venue === "live" ? "; gaps can exceed a stop" : ""}`,
        ]),
  ];
}

const VENUE: { readonly [V in Rung["venue"]]: string } = {
  paper: "Orders stay on paper; it begins paused",
  shadow: "Reads the real account, sends nothing; it begins paused",
  live: "ORDERS ARE REAL from then on; it begins paused",
};

/** `$1,234.50` without its sign: thousands apart, as everywhere people read sums. */
const dollars = (text: string): string => {
  const [whole = "0", part] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return part === undefined ? grouped : `${grouped}.${part}`;
};

const UNITS: { readonly [U in CapChange["unit"]]: readonly [string, string] } = {
  usd: ["$", ""],
  base: ["", ""],
  count: ["", ""],
  seconds: ["", " s"],
  bps: ["", " bp"],
  percent: ["", " %"],
  times: ["", "×"],
};

/** `BTC-USD position $500 → $1,000` */
function capWords({ key, title, unit, from, to }: CapChange): string {
  const [section = "", product = ""] = key.split(".");
  const [before, after] = UNITS[unit];
  const said = (text: string): string =>
    text === "none" ? "none" : `${before}${dollars(text)}${after}`;
  const of = section === "per_symbol" ? `${product} ` : "";
  return `${of}${title} ${said(from)} → ${said(to)}`;
}

const inPairs = (texts: readonly string[]): readonly string[] =>
  texts.flatMap((text, at) =>
    at % 2 === 0 ? [[text, texts[at + 1]].filter(Boolean).join(" · ")] : [],
  );

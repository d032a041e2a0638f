/** /stage: where on the go-live ladder the desk stands and what the next rung asks for; one rung up, or down at once. */
import { clean } from "../src/chat/clean.ts";
import { type Asker, type Command, RISKY_FRESH } from "../src/chat/command.ts";
import { button, card, few } from "../src/chat/compose.ts";
import { figure } from "../src/chat/figure.ts";
import { age, money } from "../src/chat/format.ts";
import { limitName } from "../src/chat/limit-key.ts";
import type { Request } from "../src/core/control/request.ts";
import type { StageView } from "../src/core/engine/stage-view.ts";
import type { DeskView } from "../src/core/engine/views.ts";

const WAYS = ["raise", "lower", "paper"] as const;
const MOST_CAPS = 4;
const RUNG = /^[a-z0-9][a-z0-9-]{0,19}$/;

export const stage: Command = {
  words: "stage",
  usage: "/stage [raise|lower [rung]|paper]",
  help: "the go-live ladder: evidence and next caps; raise by one rung (confirmed), lower or paper at once",
  role: "viewer",
  direction: "mixed",
  freshness: RISKY_FRESH,
  parse: (args) => {
    const [typed, ...more] = args;
    if (typed === undefined) return { ask: stageCard };
    const to = WAYS.find((way) => way === typed.toLowerCase());
    if (to === undefined || more.length > (to === "lower" ? 1 : 0)) {
      return { usage: "/stage alone shows it; /stage raise, /stage lower [rung] or /stage paper" };
    }
    const raises = to === "raise";
    return {
      request: to === "lower" ? lowering(more[0]) : { verb: "stage", to },
      needs: () => (raises ? "risk" : "operator"),
      raises: () => raises,
    };
  },
};

/** What is no name of a rung keeps nobody up: down by one. */
function lowering(typed = ""): Request {
  const rung = typed.toLowerCase();
  return { verb: "stage", to: "lower", ...(RUNG.test(rung) ? { rung } : {}) };
}

function stageCard({ stage: on, at, mode }: DeskView, { clock }: Asker) {
  if (on === null) {
    return card({
      headline: "NO LADDER",
      lines: [`The profile says what this desk is: ${mode}.`],
      buttons: [button("Status", "/status")],
    });
  }
  const { rung, number, of, venue, below, since, still, next } = on;
  return card({
    headline: `STAGE ${number} of ${of} · ${rung} · orders: ${WHERE[venue]}`,
    lines: [
      `Since ${clock.day(since)} ${clock.minutes(since)} ${clock.zone(since)} (${age(at - since)})`,
      still === null ? null : `${still}.`,
      ...(next === null ? ["The highest rung."] : toCome(next)),
    ],
    buttons: [
      // Two who press it go down by one rung together.
      ...(below === null ? [] : [button("Lower", `/stage lower ${below}`)]),
      button("Limits", "/limits"),
    ],
  });
}

const WHERE: { readonly [V in StageView["venue"]]: string } = {
  paper: "on paper",
  shadow: "in shadow, nothing sent",
  live: "REAL",
};

function toCome(next: NonNullable<StageView["next"]>): readonly string[] {
  const { name, evidence, caps, worst, missing, venue } = next;
  const met = evidence.filter((each) => each.met);
  const open = evidence.filter((each) => !each.met);
  const changes = caps.map(
    ({ key, unit, from, to }) => `${limitName(key)} ${shown(from, unit)} → ${shown(to, unit)}`,
  );
  const blocked = missing.slice(open.length);
  return [
    `Next ${name} (${WHERE[venue]}): evidence ${met.length}/${evidence.length}${
      met.length === 0
        ? ""
        : `: ${few(
            met.map(({ title, have }) => `${title} ${have}`),
            4,
          )}`
    }`,
    open.length === 0
      ? `Nothing of it is missing${missing.length === 0 ? ": type /stage raise" : ""}.`
      : `Missing: ${few(
          open.map(({ title, have, want }) => `${title} ${clean(have, 60)} of ${want}`),
          7,
        )}`,
    ...(blocked.length === 0 ? [] : [`Also: ${blocked.map((why) => clean(why, 120)).join("; ")}`]),
    changes.length === 0 ? "Caps stay." : few(changes, MOST_CAPS),
    ...(worst === null ? [] : [`Worst case ${money(worst)} at stake`]),
  ];
}

const shown = (text: string, unit: Parameters<typeof figure>[1]): string =>
  text === "none" ? "none" : figure(text, unit);

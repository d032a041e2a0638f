import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../commands/table.ts";
import type { Card } from "../../src/chat/card.ts";
import { lookUp } from "../../src/chat/command.ts";
import { card } from "../../src/chat/compose.ts";
import { limitSpec } from "../../src/chat/limit-key.ts";
import { hiddenIn, maskedCard } from "../../src/chat/mask.ts";
import type { DeskView } from "../../src/core/engine/views.ts";
import { AUDITED_EVENTS } from "../kit/audited-events.ts";
import {
  ASKER,
  BTC,
  CONFIRMATION,
  filled,
  limitView,
  NOW,
  numbered,
  VIEW,
  vetoed,
} from "../kit/sample-desk.ts";
import { told } from "../kit/told.ts";

test.each([
  ["BUY filled 0.00152 BTC @ 65,084.10", "BUY filled ••• BTC @ 65,084.10"],
  ["$98.93 + fee $0.59 · slippage 1.2 bp", "••• + fee ••• · slippage 1.2 bp"],
  ["Day −$3.10 of −$150 · exposure 2%", "Day 2% · exposure 2%"],
  [
    "Day −$3.10 (closed −2.51, open −0.59) · limit −150",
    "Day ••• (closed •••, open •••) · limit •••",
  ],
  ["Equity $4,982.40 · exposure $99 / $5,000", "Equity ••• · exposure 2%"],
  ["TRIPPED daily loss −$151.20 / −$150", "TRIPPED daily loss 101%"],
  [
    "STILL HOLDING 0.0123 BTC ($800). STOPS ARE OFF.",
    "STILL HOLDING ••• BTC (•••). STOPS ARE OFF.",
  ],
  ["BTC 0.00152 · orders 1 open, 0 unknown", "BTC ••• · orders 1 open, 0 unknown"],
  ["Sells 12 SOL at once", "Sells ••• SOL at once"],
  ["BTC position cap $1,000 → $1,200 for 4 h", "BTC position cap ••• → ••• for 4 h"],
  ["+20% over approved · worst case +$200 exposed", "+20% over approved · worst case ••• exposed"],
  ["Ana: /confirm K7QF by 14:09:05 EDT", "Ana: /confirm K7QF by 14:09:05 EDT"],
  [
    "Second person: /approve K7QF 2500 by 22:07:01 EDT",
    "Second person: /approve K7QF ••• by 22:07:01 EDT",
  ],
  [
    "Then: a second person on Telegram typing 2500; 10 min wait.",
    "Then: a second person on Telegram typing •••; 10 min wait.",
  ],
  ["Second person: /approve K7QF by 22:07:01 EDT", "Second person: /approve K7QF by 22:07:01 EDT"],
  ["KILL by Ana · 31/50 closed, 2 unknown", "KILL by Ana · 31/50 closed, 2 unknown"],
  ["Breakers 0 tripped · nearest: losses 2/4", "Breakers 0 tripped · nearest: losses 2/4"],
  ["Feed market 0.4 s, user 1.1 s", "Feed market 0.4 s, user 1.1 s"],
  ["Since 13:52 #V2C1", "Since 13:52 #V2C1"],
  ["Approved −1,200 worth", "Approved ••• worth"],
  ["daily loss $120/$150 · 80% of the way", "daily loss 80% · 80% of the way"],
  ["daily loss −$120/−$150", "daily loss 80%"],
  ["$120/150 and 0.5/$150", "•••/150 and •••/•••"],
  ["$99 s, $1,200.50 min", "••• s, ••• min"],
  ["position-units 3 units / 1200 units", "position-units ••• units / ••• units"],
])("a masked room reads %s as %s", (told, shown) => {
  expect(hiddenIn(told)).toBe(shown);
});

test("nothing of a card escapes the mask: its buttons and its picture are looked at too", () => {
  const given = {
    ...card({
      headline: "KILLED · 50/50 verified 14:07:07",
      lines: ["/flatten sells it, cost about $6"],
      buttons: [{ label: "Flatten, cost ~$6", line: "/flatten", danger: true }],
    }),
    picture: { png: "AAAA", alt: "equity" },
  };
  const shown = maskedCard(given);
  expect(JSON.stringify(shown)).not.toMatch(/\$|\b6\b|AAAA/);
  expect(shown.buttons[0]).toMatchObject({ line: "/flatten", danger: true });
  expect(shown.headline).toBe(given.headline);
});

/** Amounts that stand in nothing else. */
const [USED, LIMIT] = ["731", "917"];
const wordsOf = (card: Card): string =>
  [card.headline, ...card.lines, ...card.buttons.map(({ label }) => label)].join("\n");
const shownIn = (of: Card): string => wordsOf(maskedCard(of));
const AMOUNT = /731|917/;

const answers = (line: string, view: Partial<DeskView>): Card => {
  const [word = "", ...args] = line.split(" ");
  const found = lookUp(COMMANDS, { kind: "said", word, args });
  const parsed = found?.command.parse(found.args);
  if (!parsed || !("ask" in parsed)) throw new Error(`${line} is no question`);
  return parsed.ask({ ...VIEW, ...view }, ASKER);
};

describe("no card gives an amount away, whatever its unit", () => {
  test.each(["usd", "count", "s", "bps", "percent", "text"] as const)(
    "breakers, tripped and armed, in %s",
    (unit) => {
      const now = { observed: USED, limit: LIMIT, unit };
      const one = {
        breaker: "daily-loss",
        product: null,
        holds: true,
        nearness: 0.8,
        now,
      } as const;
      const trip = { ...now, breaker: "daily-loss", at: NOW } as const;
      const breakers = [
        { ...one, tripped: null },
        { ...one, product: BTC, tripped: trip },
      ];
      const plain = wordsOf(answers("breakers", { breakers }));
      expect(plain).toMatch(AMOUNT);
      const shown = shownIn(answers("breakers", { breakers }));
      if (unit === "usd") expect(shown).not.toMatch(AMOUNT);
      else expect(shown, "what is no amount stays").toMatch(AMOUNT);
    },
  );

  test.each([
    "portfolio.max_daily_loss_usd",
    "portfolio.max_gross_notional_usd",
    "portfolio.min_quote_reserve_usd",
    "per_symbol.BTC-USD.max_position_units",
    "per_symbol.BTC-USD.max_position_notional_usd",
  ])("the cap %s, in each list and alone, and a request to change it", (key) => {
    const unit = limitSpec(key)?.unit ?? "usd";
    const limits = [limitView(key, "a cap", unit, LIMIT, USED)];
    const proposal = { verb: "limits set", key, from: USED, to: LIMIT } as const;
    const view = { limits, pending: [{ ...CONFIRMATION, proposal }] };
    const group = key.split(".").slice(0, -1).at(-1) ?? "";
    for (const line of ["limits", `limits ${group}`, `limits ${key}`, "pending"]) {
      expect(shownIn(answers(line, view)), line).not.toMatch(AMOUNT);
    }
    expect(wordsOf(answers(`limits ${key}`, view))).toMatch(AMOUNT);
  });

  test.each(["usd", "base"] as const)("a veto that saw so much in %s", (unit) => {
    const [veto] = vetoed().vetoes;
    if (!veto) throw new Error("the sample has one");
    const vetoes = [{ ...veto, observed: USED, limit: LIMIT, unit }];
    for (const { card: one } of told(numbered([{ ...vetoed(), vetoes }]))) {
      expect(wordsOf(one)).toMatch(AMOUNT);
      expect(shownIn(one)).not.toMatch(AMOUNT);
    }
  });

  test("whatever people are told of their own doings, and whatever they can ask", () => {
    const cards = [
      ...told(numbered(AUDITED_EVENTS.filter((body) => !("policy" in body)))).flatMap(
        ({ card: one, elsewhere }) => [one, elsewhere ?? one],
      ),
      ...told(numbered([filled("0.00152")])).map(({ card: one }) => one),
      ...COMMANDS.flatMap(({ words }) => {
        const found = lookUp(COMMANDS, { kind: "said", word: words, args: [] });
        const parsed = found?.command.parse([]);
        return parsed && "ask" in parsed ? [parsed.ask(VIEW, ASKER)] : [];
      }),
    ];
    expect(cards.length).toBeGreaterThan(30);
    for (const one of cards)
      expect(shownIn(one)).not.toMatch(/\$\s?\d|\d\s(?:BTC|ETH|SOL|USD|units)\b/);
  });
});

import { expect, test } from "vitest";
import { card } from "../../src/chat/compose.ts";
import { hiddenIn, maskedCard } from "../../src/chat/mask.ts";

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

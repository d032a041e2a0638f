/** How a card looks on Telegram: always valid markup, never too long, whatever stands in it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escapeHtml } from "../../../src/adapters/telegram/html.ts";
import {
  CAPTION_LIMIT,
  keyboard,
  render,
  TEXT_LIMIT,
} from "../../../src/adapters/telegram/render.ts";
import type { Button, Card } from "../../../src/chat/card.ts";
import { confirmationId } from "../../../src/core/kernel/ids.ts";
import { parseHtml } from "../../kit/telegram-fake-html.ts";
import { card, rig, row, seal } from "./rig.ts";

const NASTY = '<&_*"</b>&lt;';

const button = (label: string, line: string, danger = false): Button => ({ label, line, danger });

/** The text as people see it; throws when Telegram would refuse it. */
function seen(html: string): string {
  const parsed = parseHtml(html);
  if (typeof parsed === "string") throw new Error(parsed);
  return parsed.text;
}

describe("the text", () => {
  test("begins with one bold line, and ends with the event's id", () => {
    const said = card("BUY filled 0.00152 BTC @ 65,084.10", {
      lines: ["$98.93 + fee $0.59 · slippage 1.2 bp", "ma-cross"],
    });
    expect(render(said, "LIVE nyc1", TEXT_LIMIT).html).toBe(
      [
        "<b>LIVE nyc1 · BUY filled 0.00152 BTC @ 65,084.10</b>",
        "$98.93 + fee $0.59 · slippage 1.2 bp",
        "ma-cross #F7A3",
      ].join("\n"),
    );
  });

  test("of a card without lines ends with the id on its first line, with the mark before everything", () => {
    const said = card("KILLED", { mark: "🔴" });
    expect(render(said, "LIVE nyc1", TEXT_LIMIT).html).toBe("<b>🔴 LIVE nyc1 · KILLED #F7A3</b>");
  });

  test("without an event ends with its last line", () => {
    expect(render(card("RUNNING", { event: "" }), "DEMO", TEXT_LIMIT).html).toBe(
      "<b>DEMO · RUNNING</b>",
    );
  });

  test("shows names with signs of markup in them as they are", () => {
    const said = card(`${NASTY} filled`, { lines: [`of ${NASTY}`] });
    const { html, plain } = render(said, `LIVE ${NASTY}`, TEXT_LIMIT);
    expect(html).toBe(
      "<b>LIVE &lt;&amp;_*&quot;&lt;/b&gt;&amp;lt; · &lt;&amp;_*&quot;&lt;/b&gt;&amp;lt; filled</b>\n" +
        "of &lt;&amp;_*&quot;&lt;/b&gt;&amp;lt; #F7A3",
    );
    expect(seen(html)).toBe(plain);
  });

  test("that is too long loses whole lines, says so, and keeps its id", () => {
    const lines = Array.from({ length: 7 }, (_, index) => `${index}${"&".repeat(698)}`);
    const { html, plain } = render(card("much", { lines }), "LIVE nyc1", TEXT_LIMIT);
    expect(plain.split("\n")).toEqual(["LIVE nyc1 · much", ...lines.slice(0, 4), "… #F7A3"]);
    expect(seen(html)).toBe(plain);
  });

  test("whose first line is too long is cut between letters, not within one", () => {
    for (const headline of ["😀".repeat(3000), `x${"😀".repeat(3000)}`]) {
      const { html, plain } = render(card(headline), "LIVE nyc1", CAPTION_LIMIT);
      expect(plain.length).toBeLessThanOrEqual(CAPTION_LIMIT);
      expect(plain).not.toMatch(/\p{Cs}/u);
      expect(plain).toMatch(/😀…\n… #F7A3$/u);
      expect(seen(html)).toBe(plain);
    }
  });

  test("is valid and short enough, whatever the card says", () => {
    const words = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.string({
        unit: fc.constantFrom("<", "&", ">", '"', "b", "/", "😀", "\n", ";"),
        maxLength: 900,
      }),
    );
    fc.assert(
      fc.property(
        words,
        fc.array(words, { maxLength: 9 }),
        fc.constantFrom(TEXT_LIMIT, CAPTION_LIMIT),
        (headline, lines, limit) => {
          const { html, plain } = render(card(headline, { lines }), "LIVE nyc1", limit);
          expect(plain.length).toBeLessThanOrEqual(limit);
          expect(plain.endsWith("#F7A3")).toBe(true);
          expect(seen(html)).toBe(plain.trim());
        },
      ),
      { numRuns: 100 },
    );
  });

  test("is taken by Telegram as it is, at its longest", async () => {
    const { fake, telegram } = await rig();
    const lines = Array.from({ length: 7 }, () => `${NASTY} `.repeat(48));
    const sent = await telegram.messenger.send(row({ card: card(NASTY, { lines }) }), NASTY);
    expect(sent.kind).toBe("sent");
    expect(fake.said(4242)[0]?.text).toContain(`${NASTY} · ${NASTY}\n${NASTY} ${NASTY}`);
    expect(fake.violations).toEqual([]);
  });
});

test("the escaper knows four signs and no other", () => {
  expect(escapeHtml(`a<b>&"'_*~\`|`)).toBe("a&lt;b&gt;&amp;&quot;'_*~`|");
});

describe("the buttons", () => {
  const rowsOf = (of: Partial<Card>) => keyboard(card("x", of), seal)?.inline_keyboard;

  test("stand three in a row at most", () => {
    const buttons = [1, 2, 3, 4, 5].map((n) => button(`B${n}`, `/b${n}`));
    expect(rowsOf({ buttons })?.map((each) => each.map(({ text }) => text))).toEqual([
      ["B1", "B2", "B3"],
      ["B4", "B5"],
    ]);
  });

  test("carry the line they stand for, those of a confirmation a sealed token", () => {
    const answers = { confirmation: confirmationId("conf-1"), verb: "confirm" as const };
    const buttons = [button("Status", "/status"), { ...button("Yes", "/confirm K7QF"), answers }];
    expect(rowsOf({ buttons })?.[0]).toEqual([
      { text: "Status", callback_data: "/status" },
      { text: "Yes", callback_data: "c1.conf-1confirm___.c" },
    ]);
  });

  test("are left out when they carry more than 64 bytes; letters are not bytes", () => {
    const buttons = [
      button("fits", `/${"a".repeat(63)}`),
      button("too long", `/${"a".repeat(64)}`),
      button("long in bytes", `/${"é".repeat(32)}`),
      button("", "/nameless"),
      button("empty", ""),
    ];
    expect(
      rowsOf({ buttons })
        ?.flat()
        .map(({ text }) => text),
    ).toEqual(["fits"]);
    expect(rowsOf({ buttons: buttons.slice(1) })).toBeUndefined();
  });

  test("that are dangerous are red, and have no sign in their label", () => {
    expect(rowsOf({ buttons: [button("Kill…", "/kill", true)] })?.[0]).toEqual([
      { text: "Kill…", callback_data: "/kill", style: "danger" },
    ]);
  });
});

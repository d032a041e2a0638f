import { expect, test } from "vitest";
import { escaped, isPlain } from "../../../src/adapters/slack/mrkdwn.ts";
import { type Block, render } from "../../../src/adapters/slack/render.ts";
import { button, card } from "../../../src/chat/compose.ts";
import { confirmationId } from "../../../src/core/kernel/ids.ts";
import { CARD, SEAL } from "./rig.ts";

const HEADING = "LIVE nyc1";
const NASTY = "EV<IL&_*~`>-USD";

const texts = (blocks: readonly Block[]): readonly string[] =>
  blocks.flatMap((block) => {
    if (block.type === "section") return [`${block.text.type}: ${block.text.text}`];
    if (block.type === "context") return block.elements.map(({ text }) => `context: ${text}`);
    if (block.type === "divider") return [];
    return block.elements.map(({ text }) => `button: ${text.text}`);
  });
const size = (blocks: readonly Block[]): number =>
  [...JSON.stringify(blocks).matchAll(/"text":"((?:[^"\\]|\\.)*)"/g)].reduce(
    (sum, match) => sum + (match[1] ?? "").length,
    0,
  );

test("an ordinary card is one section with its first line in bold, its event below, and plain words for the notification", () => {
  expect(render(CARD, HEADING, SEAL.of)).toEqual({
    text: "LIVE nyc1 · BUY filled 0.00152 BTC @ 65,084.10",
    whole: [
      "LIVE nyc1 · BUY filled 0.00152 BTC @ 65,084.10",
      "$98.93 + fee $0.59",
      "Day -$3.10 of -$150",
      "#F7A3",
    ].join("\n"),
    blocks: [
      {
        type: "section",
        text: {
          type: "mrkdwn",
          verbatim: true,
          text: "*LIVE nyc1 · BUY filled 0.00152 BTC @ 65,084.10*\n$98.93 + fee $0.59\nDay -$3.10 of -$150",
        },
      },
      { type: "context", elements: [{ type: "plain_text", text: "#F7A3", emoji: false }] },
    ],
  });
});

test("the three signs that Slack reads are escaped, and nothing else is", () => {
  expect(escaped("<!channel> & <@U1> *x* \"y\" 'z'")).toBe(
    "&lt;!channel&gt; &amp; &lt;@U1&gt; *x* \"y\" 'z'",
  );
});

test("data that would be markup stands where nothing is markup, wherever in the card it is", () => {
  const head = render(card({ headline: NASTY, lines: ["fine"] }), HEADING, SEAL.of);
  expect(texts(head.blocks)).toEqual([`plain_text: LIVE nyc1 · ${NASTY}`, "plain_text: fine"]);
  const line = render(card({ headline: "fine", lines: [NASTY, "a < b"] }), HEADING, SEAL.of);
  expect(texts(line.blocks)).toEqual(["mrkdwn: *LIVE nyc1 · fine*", `plain_text: ${NASTY}\na < b`]);
  const event = render({ ...CARD, lines: [], event: NASTY }, HEADING, SEAL.of);
  expect(texts(event.blocks).at(-1)).toBe(`context: #${NASTY}`);
  const pressed = card({ headline: "x", buttons: [button(NASTY, "/status")] });
  expect(texts(render(pressed, HEADING, SEAL.of).blocks).at(-1)).toBe(`button: ${NASTY}`);
});

test("no text of a card ever stands unescaped in mrkdwn or in the text for the notification", () => {
  const bad = "<!here> <@U1|x> <https://x|y> &";
  const { text, whole, blocks } = render(
    { headline: bad, lines: [bad], mark: "", buttons: [], event: "" },
    bad,
    SEAL.of,
  );
  for (const said of [text, whole, ...texts(blocks).filter((one) => one.startsWith("mrkdwn"))]) {
    expect(said).not.toMatch(/[<>]|&(?!lt;|gt;|amp;)/);
  }
});

test.each([
  ["a time of day and a sum", "14:07:05 EDT · −$3.10 (closed −2.51, open −0.59)", true],
  ["a name with a dash", "ma-cross", true],
  ["an underscore", "max_open", false],
  ["a name between colons", "a :skull: b", false],
  ["the sign for a quote at the start", "> 5 bp", false],
  ["the same sign further on", "spread > 5 bp", true],
  ["code", "`x`", false],
  ["strike", "~x~", false],
])("%s is %s: markup or not", (_what, text, plain) => {
  expect(isPlain(text)).toBe(plain);
});

test("each button has a name of its own and carries what pressing it means; a dangerous one asks first", () => {
  const { blocks } = render(
    {
      ...CARD,
      buttons: [
        button("Status", "/status"),
        button("Kill…", "/kill", true),
        {
          ...button("Confirm K7QF", "/confirm K7QF"),
          answers: { confirmation: confirmationId("conf1"), verb: "confirm" },
        },
      ],
    },
    HEADING,
    SEAL.of,
  );
  const plain = (text: string) => ({ type: "plain_text", text, emoji: false });
  expect(blocks.at(-1)).toEqual({
    type: "actions",
    elements: [
      { type: "button", action_id: "cb:0", text: plain("Status"), value: "/status" },
      {
        type: "button",
        action_id: "cb:1",
        text: plain("Kill…"),
        value: "/kill",
        style: "danger",
        confirm: {
          title: plain("Are you sure?"),
          text: plain("Kill…"),
          confirm: plain("Yes"),
          deny: plain("No"),
          style: "danger",
        },
      },
      {
        type: "button",
        action_id: "cb:2",
        text: plain("Confirm K7QF"),
        value: "c1.conf1confirm0000.c",
      },
    ],
  });
});

test("no section is longer than Slack takes, and all together stay below where it gives up", () => {
  const lines = Array.from({ length: 40 }, (_, index) => `${index} ${"&".repeat(390)}`);
  const buttons = Array.from({ length: 7 }, () => button("x".repeat(200), "/kill", true));
  const { blocks } = render(
    { headline: "<".repeat(900), lines, mark: "🔴", buttons, event: "F7A3" },
    HEADING,
    SEAL.of,
  );
  for (const block of blocks) {
    if (block.type === "section") expect(block.text.text.length).toBeLessThanOrEqual(3_000);
    if (block.type !== "actions") continue;
    expect(block.elements.length).toBeLessThanOrEqual(5);
    for (const { text } of block.elements) expect(text.text.length).toBeLessThanOrEqual(75);
  }
  expect(size(blocks)).toBeLessThanOrEqual(10_000);
  expect(texts(blocks).some((text) => text.endsWith("…"))).toBe(true);
});

test("what was not meant to be seen is not: no control signs, no signs that turn text around, no second line", () => {
  const { whole } = render(
    card({ headline: "a\u202eb\u200bc\nd", lines: ["e\u001b[31mf"] }),
    HEADING,
    SEAL.of,
  );
  expect(whole).toBe("LIVE nyc1 · abc d\nef");
});

test("a card in nobody's name begins with its own words", () => {
  const refusal = card({ headline: "Not yours to press", mark: "⚠️" });
  expect(render(refusal, null, SEAL.of).text).toBe("⚠️ Not yours to press");
});

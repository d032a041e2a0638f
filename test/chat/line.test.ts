import fc from "fast-check";
import { expect, test } from "vitest";
import { clean } from "../../src/chat/clean.ts";
import { parseLine } from "../../src/chat/line.ts";

const CHAT = { bareWords: false, ownName: "claudbot" };
const CONSOLE = { bareWords: true, ownName: null };
const said = (word: string, ...args: string[]) => ({ kind: "said", word, args });

test("a command is read whatever its case, and arguments keep theirs", () => {
  expect(parseLine("/LIMITS Set daily-loss 120", CHAT)).toEqual(
    said("limits", "Set", "daily-loss", "120"),
  );
});

test("the slash may be left out on the console and nowhere else", () => {
  expect(parseLine("status", CONSOLE)).toEqual(said("status"));
  expect(parseLine("status", CHAT)).toEqual({ kind: "not-for-us" });
});

test("a command addressed to another bot is not ours", () => {
  expect(parseLine("/kill@ClaudBot now", CHAT)).toEqual(said("kill", "now"));
  expect(parseLine("/kill@otherbot", CHAT)).toEqual({ kind: "not-for-us" });
});

test("bidi, zero-width and control characters and newlines are taken out", () => {
  expect(parseLine("/ki\u200bll\u202e \u0000be\ufeffcause\n/resume", CHAT)).toEqual(
    said("kill", "because", "/resume"),
  );
});

test("a key or a colour of a terminal is taken out whole", () => {
  expect(parseLine("/pau\u001b[Dse \u001b[1;31mred\u001b[0m \u009b2Kx", CONSOLE)).toEqual(
    said("pause", "red", "x"),
  );
  expect(clean("a [31m that is text")).toBe("a [31m that is text");
});

test("full-width letters and typographic dashes mean what they look like", () => {
  expect(parseLine("／ｐａｕｓｅ", CHAT)).toEqual(said("pause"));
  expect(parseLine("/limits set daily–loss −10%", CHAT)).toEqual(
    said("limits", "set", "daily-loss", "-10%"),
  );
});

test("a line of more than a thousand characters is refused whole", () => {
  expect(parseLine(`/limits ${"x".repeat(10_000)}`, CHAT)).toEqual({ kind: "too-long" });
  expect(parseLine(`/kill ${"x".repeat(10_000)}`, CHAT)).toMatchObject({
    kind: "said",
    word: "kill",
  });
});

test.each([
  ["/kill!", "kill"],
  ["/KILL!!!", "kill"],
  ["/kill, fire", "kill", "fire"],
  ["/kill: fire, now", "kill", "fire,", "now"],
  ["/kill—now", "kill", "now"],
  ["/kill…", "kill"],
  ["/kill💥", "kill", "💥"],
  ["/kill?", "kill", "?"],
  ["/kill ?", "kill", "?"],
  ["/kill ! fire", "kill", "!", "fire"],
  ["/kill@claudbot!", "kill"],
  ["/kill@claudbot, fire", "kill", "fire"],
  ["/pause.", "pause"],
  ["/pause:BTC-USD", "pause", "BTC-USD"],
  ["/killing", "killing"],
  ["/kill_all", "kill_all"],
  ["/kill2", "kill2"],
  ["/resume!", "resume!"],
  ["/limits-set x", "limits-set", "x"],
])("%s, as it is typed in a hurry, says what it begins with", (text, word, ...args) => {
  expect(parseLine(text, CHAT)).toEqual(said(word, ...args));
});

test("a sign behind the word takes nobody's kill for ours, and asks for the slash as ever", () => {
  expect(parseLine("/kill@otherbot!", CHAT)).toEqual({ kind: "not-for-us" });
  expect(parseLine("kill!", CHAT)).toEqual({ kind: "not-for-us" });
  expect(parseLine("kill! fire", CONSOLE)).toEqual(said("kill", "fire"));
  expect(parseLine(`/kill!${"x".repeat(10_000)}`, CHAT)).toMatchObject({ word: "kill" });
});

test("an empty line is nobody's", () => {
  expect(parseLine("  \t ", CONSOLE)).toEqual({ kind: "not-for-us" });
});

test("a slash before nonsense is an unknown word, not talk", () => {
  expect(parseLine("/💥 boom", CHAT)).toEqual(said("💥"));
});

test("any text at all is read without throwing, in words without blanks", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 1200 }), (text) => {
      const line = parseLine(text, CONSOLE);
      if (line.kind === "said") expect(line.args.every((arg) => !/\s/u.test(arg))).toBe(true);
    }),
  );
});

test("cleaned text has no control or format characters and is no longer than asked", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
      const shown = clean(text, 50);
      expect(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(shown)).toBe(false);
      expect(Array.from(shown).length).toBeLessThanOrEqual(50);
    }),
  );
});

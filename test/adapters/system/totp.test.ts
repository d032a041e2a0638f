/** The codes of an authenticator, by the examples of the standards. */
import { expect, test } from "vitest";
import { base32, otpauth, stepAt, stepsOf, totp } from "../../../src/adapters/system/totp.ts";
import { readCode, withoutCodes } from "../../../src/chat/typed-code.ts";
import { instant } from "../../../src/core/kernel/time.ts";

const SEED = Buffer.from("12345678901234567890");

// RFC 6238, appendix B, SHA-1.
test.each([
  [59, "94287082"],
  [1_111_111_109, "07081804"],
  [1_111_111_111, "14050471"],
  [1_234_567_890, "89005924"],
  [2_000_000_000, "69279037"],
  [20_000_000_000, "65353130"],
])("at %s s the code of RFC 6238 is %s", (seconds, code) => {
  const step = stepAt(instant(seconds * 1000));
  expect(totp(SEED, step, 8)).toBe(code);
  expect(totp(SEED, step)).toBe(code.slice(2));
});

test("the first ten codes of RFC 4226 are its own", () => {
  const codes = Array.from({ length: 10 }, (_, counter) => totp(SEED, counter));
  expect(codes.join(" ")).toBe(
    "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489",
  );
});

test("a code is found one step before and after its own, and no further", () => {
  const at = instant(1_111_111_111_000);
  const step = stepAt(at);
  const found = [-2, -1, 0, 1, 2].map((off) => stepsOf(SEED, totp(SEED, step + off), at));
  expect(found).toEqual([[], [step - 1], [step], [step + 1], []]);
  expect(stepsOf(SEED, "", at)).toEqual([]);
  expect(stepsOf(SEED, totp(SEED, step, 8), at)).toEqual([]);
});

test("an authenticator takes the seed as RFC 4648 writes it", () => {
  const written = ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map((text) =>
    base32(Buffer.from(text)),
  );
  expect(written).toEqual(["", "MY", "MZXQ", "MZXW6", "MZXW6YQ", "MZXW6YTB", "MZXW6YTBOI"]);
  const address = otpauth({ desk: "nyc1", name: "Ana Ü", seed: SEED });
  expect(address).toBe(
    "otpauth://totp/claudbot%20nyc1:Ana%20%C3%9C?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=claudbot%20nyc1&algorithm=SHA1&digits=6&period=30",
  );
});

test.each([
  ["123456", "123456"],
  [" 123 456 ", "123456"],
  ["123-456", "123456"],
  ["１２３４５６", "123456"],
  ["123\u200b456", "123456"],
  ["abcde-fghjk-mnpq0-rstvw", "abcdefghjkmnpq0rstvw"],
  ["ABCDE–FGHJK–MNPQO–RSTV1", "abcdefghjkmnpq0rstv1"],
  ["abcdefghjkmnpq0rstvw", "abcdefghjkmnpq0rstvw"],
  ["12 34 56", "123456"],
  ["1 2 3 4 5 6", "123456"],
  ["1234 56", "123456"],
  ["j3mnq xm64m 2bzfr 43dmr", "j3mnqxm64m2bzfr43dmr"],
  ["j3mnq - xm64m--2bzfr 43dmr", "j3mnqxm64m2bzfr43dmr"],
  ["some words stand there", null],
  ["12345", null],
  ["1234567", null],
  ["/123456", null],
  ["antidisestablishment", null],
  ["hello", null],
])("%s is read as %s", (typed, code) => {
  expect(readCode(typed)?.text ?? null).toBe(code);
});

test("a recovery code is found behind digits, words and other candidates", () => {
  const code = "123456789abcdefghjkm";
  const typed = "12345 6789a bcdef ghjkm";
  const mask = (text: string) =>
    withoutCodes(text, (one) => one.replaceAll(/[ -]/g, "") === code)?.text;
  expect(mask(`/deny ${code}`)).toBe("/deny [code]");
  expect(mask(`/pause ${typed}`)).toBe("/pause [code]");
  expect(mask(`7 ${typed}, ${code}`)).toBe("7 [code], [code]");
  expect(mask(`${"every words count here ".repeat(20)}${typed}`)).toMatch(/here \[code\]$/);
});

test("a known code is masked wherever it stands, and nothing else is", () => {
  const mask = (text: string) => withoutCodes(text, (one) => /^456[ -]?789$/.test(one))?.text;
  expect(mask("/confirm K7QF 456789")).toBe("/confirm K7QF [code]");
  expect(mask("123 456 789")).toBe("123 [code]");
  expect(mask("code:456789, 456 789")).toBe("code:[code], [code]");
  expect(mask("/limits set daily-loss 100000")).toBeUndefined();
  expect(mask("1456789 4567890")).toBeUndefined();
});

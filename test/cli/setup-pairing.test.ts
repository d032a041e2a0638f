/** Link and code: nobody is linked without both, and neither is good twice or for long. */
import { describe, expect, test } from "vitest";
import { openPairing, PAIRING_MS, type Pairing } from "../../src/cli/setup-pairing.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { manualTime } from "../kit/manual-time.ts";

const ANA = "telegram:4711";
const EVE = "telegram:6666";

/** Different every time it is asked. */
function dice() {
  let count = 0;
  return {
    hex(bytes: number): string {
      count += 1;
      return (count * 7919 + 123_456_789)
        .toString(16)
        .padStart(2 * bytes, "a")
        .slice(0, 2 * bytes);
    },
  };
}

function scene() {
  const time = manualTime(instant(1_000_000));
  const pairing = openPairing({ clock: time.clock, entropy: dice() });
  return { time, pairing };
}

function codeFor(pairing: Pairing, account: string): string {
  const knock = pairing.knock(account, pairing.nonce);
  if (knock.kind !== "send") throw new Error(knock.kind);
  return knock.code;
}

const wrong = (code: string): string => (code === "000000" ? "111111" : "000000");

describe("a pairing", () => {
  test("links the account that opened the link when its code is typed", () => {
    const { pairing } = scene();
    const code = codeFor(pairing, ANA);
    expect(code).toMatch(/^\d{6}$/);
    expect(pairing.nonce).toMatch(/^[0-9a-f]{20}$/);
    expect(pairing.attempt(code)).toEqual({ kind: "linked", account: ANA });
  });

  test("takes the code with a space in it, and the nonce however a phone wrote it", () => {
    const { pairing } = scene();
    const knock = pairing.knock(ANA, pairing.nonce.toUpperCase());
    const code = knock.kind === "send" ? knock.code : "";
    const spaced = ` ${code.slice(0, 3)} ${code.slice(3)} `;
    expect(pairing.attempt(spaced)).toEqual({ kind: "linked", account: ANA });
  });

  test("gives no code for another nonce", () => {
    const { pairing } = scene();
    for (const odd of ["", "0", `${pairing.nonce}0`, pairing.nonce.slice(1)]) {
      expect(pairing.knock(ANA, odd)).toEqual({ kind: "no" });
    }
    expect(pairing.attempt("123456")).toEqual({ kind: "early" });
  });

  test("refuses a second account, and the first one's code still links the first", () => {
    const { pairing } = scene();
    const code = codeFor(pairing, EVE);
    expect(pairing.knock(ANA, pairing.nonce)).toEqual({ kind: "taken" });
    expect(pairing.attempt(code)).toEqual({ kind: "linked", account: EVE });
  });

  test("sends the same code again to the same account, three times at most", () => {
    const { pairing } = scene();
    const codes = [1, 2, 3].map(() => codeFor(pairing, ANA));
    expect(new Set(codes).size).toBe(1);
    expect(pairing.knock(ANA, pairing.nonce)).toEqual({ kind: "no" });
  });

  test("is void after five wrong codes, the right one included", () => {
    const { pairing } = scene();
    const code = codeFor(pairing, ANA);
    const answers = [1, 2, 3, 4, 5].map(() => pairing.attempt(wrong(code)));
    expect(answers.map(({ kind }) => kind)).toEqual(["wrong", "wrong", "wrong", "wrong", "void"]);
    expect(answers[3]).toEqual({ kind: "wrong", left: 1 });
    expect(pairing.attempt(code)).toEqual({ kind: "void" });
    expect(pairing.knock(ANA, pairing.nonce)).toEqual({ kind: "no" });
  });

  test("does not count what is typed before a code was sent", () => {
    const { pairing } = scene();
    for (let tries = 0; tries < 9; tries += 1) pairing.attempt("123456");
    expect(pairing.attempt(codeFor(pairing, ANA)).kind).toBe("linked");
  });

  test("is good once", () => {
    const { pairing } = scene();
    const code = codeFor(pairing, ANA);
    pairing.attempt(code);
    expect(pairing.attempt(code)).toEqual({ kind: "void" });
    expect(pairing.knock(EVE, pairing.nonce)).toEqual({ kind: "no" });
  });

  test("is over after ten minutes, link and code", async () => {
    const { pairing, time } = scene();
    const code = codeFor(pairing, ANA);
    await time.pass(PAIRING_MS - 1);
    expect(codeFor(pairing, ANA)).toBe(code);
    await time.pass(1);
    expect(pairing.attempt(code)).toEqual({ kind: "late" });
    expect(pairing.knock(ANA, pairing.nonce)).toEqual({ kind: "no" });
  });
});

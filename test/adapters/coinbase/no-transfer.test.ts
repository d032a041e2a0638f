/** There is no way to move money: no code asks for it, and the last door would not let it through. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { refusedTransfer } from "../../../src/adapters/coinbase/no-transfer.ts";
import { isTransfer, NO_TRANSFER } from "../../../src/chat/transfer.ts";
import { noVerb } from "../../../src/cli/no-verb.ts";
import { unknownWord } from "../../../src/run/refusals.ts";
import { READ, road } from "./http-rig.ts";

const WRITES = ["/orders", "/orders/preview", "/orders/batch_cancel"];
const MOVES = [
  "/portfolios/move_funds",
  "/convert/quote",
  "/v2/accounts/a1/transactions",
  "/v2/accounts/a1/deposits",
  "/withdrawals/crypto",
  "/transfers",
  "/intx/allocate/../send",
];

test("every address that is written to is one of an order's", () => {
  const folder = join(import.meta.dirname, "../../../src/adapters/coinbase");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const texts = files
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(folder, name), "utf8"));
  const paths = texts.flatMap((text) =>
    [...text.matchAll(/method: "(?:POST|PUT|DELETE|PATCH)",\s*path: ("[^"]*"|[^,]*)/g)].map(
      ([, path]) => path,
    ),
  );
  expect(paths.sort()).toEqual(WRITES.map((path) => `"${path}"`).sort());
  const methods = texts.join("\n").match(/"(?:POST|PUT|DELETE|PATCH)"/g) ?? [];
  expect(new Set(methods)).toEqual(new Set(['"POST"']));
});

test.each(MOVES)("a request to %s is refused before it is made", async (path) => {
  const moving = { ...READ, method: "POST", path, body: {}, pace: "trade" } as const;
  const { run, sentAt } = road([]);
  const { result } = await run(moving);
  expect(result).toEqual({
    ok: false,
    error: { kind: "not-sent", detail: "this program moves no money" },
  });
  expect(sentAt).toEqual([]);
});

test("orders, and whatever only reads, are not refused", () => {
  for (const path of WRITES) expect(refusedTransfer({ method: "POST", path })).toBeNull();
  expect(refusedTransfer({ method: "GET", path: "/transaction_summary" })).toBeNull();
});

test.each(["transfer", "withdraw", "Deposit", "send", "network"])(
  "/%s and the verb of that name are answered with what cannot be done here",
  (word) => {
    expect(isTransfer(word)).toBe(true);
    expect(JSON.stringify(unknownWord(word, []))).toContain(NO_TRANSFER);
    expect(noVerb(word, ["start"])).toBe(NO_TRANSFER);
  },
);

test("any other word is only unknown", () => {
  expect(noVerb("strat", ["start", "buy"])).toBe("no such verb: strat; there are start, buy");
  expect(JSON.stringify(unknownWord("status2", []))).not.toContain(NO_TRANSFER);
});

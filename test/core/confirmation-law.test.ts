/**
 * The law of what can raise risk: whatever people ask, answer, deny and let pass, in whatever order and across starts, nothing
 * risky happens without all its steps, none twice, none after a no.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { LOSS, MINUTE, move } from "../kit/confirmation-moves.ts";
import { Play } from "../kit/confirmation-play.ts";
import { OWED, requester } from "../kit/confirmation-witness.ts";

test("nothing risky happens without all its steps, none twice, none after a no; what lowers risk always does", () => {
  const reached = new Set<string>();
  let changes = 0;
  fc.assert(
    fc.property(fc.array(move, { minLength: 20, maxLength: 60 }), (moves) => {
      const play = new Play();
      for (const each of moves) play.run(each);
      for (const kind of play.witness.reached) reached.add(kind);
      changes += play.witness.changes;
    }),
    { numRuns: Number(process.env["CONFIRMATION_LIVES"] ?? 300), seed: 20261118 },
  );
  process.stdout.write(`changes ${changes}: ${[...reached].sort().join(", ")}\n`);
  expect([...reached].sort()).toEqual(Object.keys(OWED).sort());
});

/** The whole way of one request of each kind, by the right people, in order. */
function goAllTheWay(play: Play, code: string): void {
  const { desk } = play;
  const open = () => [...desk.state.desk.confirmations.values()].find((one) => one.code === code);
  desk.ask({ verb: "confirm", code }, desk.by("ana", "telegram:-100"));
  if (open())
    desk.ask({ verb: "code", outcome: "right", step: 900 }, requester(desk, "ana", "private"));
  const value = open()?.steps?.types ?? "";
  if (open()) desk.ask({ verb: "approve", code, value }, desk.by("bo", "slack:C1"));
  if (open()) desk.beats(10 * MINUTE).tick();
}

test.each([
  ["raise", { verb: "limits set", key: LOSS, value: "+25%" }],
  ["large-raise", { verb: "limits set", key: LOSS, value: "+26%" }],
  ["large-raise", { verb: "limits set", key: LOSS, value: "none" }],
  ["rearm", { verb: "rearm" }],
  ["loss-reset", { verb: "resume" }],
  ["go-on", { verb: "resume" }],
] as const)("%s is done when all of its steps are gone", (kind, request) => {
  const play = new Play();
  const { desk } = play;
  if (kind === "rearm") desk.ask({ verb: "kill", reason: "" }).listed();
  if (kind === "go-on") desk.ask({ verb: "pause", reason: "" });
  if (kind === "loss-reset") play.run({ do: "trip" });
  desk.ask(request, desk.by("ana", "telegram:-100"));
  const open = desk.said("confirmation.opened").at(-1)?.confirmation;
  expect(open?.class).toBe(kind);
  goAllTheWay(play, open?.code ?? "");
  expect(desk.said("confirmation.closed").at(-1)).toMatchObject({ outcome: "confirmed" });
  const done =
    kind === "rearm"
      ? "trading.rearmed"
      : "verb" in request && request.verb === "resume"
        ? "trading.resumed"
        : "limit.changed";
  expect(desk.said(done)).toHaveLength(1);
});

import { expect, test } from "vitest";
import type { Confirmation } from "../../src/core/control/request.ts";
import { confirmationId } from "../../src/core/kernel/ids.ts";
import { DeskScript } from "../kit/desk-script.ts";

const GROUP = "telegram:-100";
const PRIVATE = "slack:DANA";

/** Paused, and asked by Ana in a group to resume. */
function asked(): { desk: DeskScript; open: Confirmation } {
  const desk = DeskScript.ready().ask({ verb: "pause", reason: "" });
  desk.ask({ verb: "resume" }, desk.by("ana", GROUP));
  const open = desk.said("confirmation.opened").at(-1)?.confirmation;
  if (!open) throw new Error("nothing was opened");
  return { desk, open };
}

test("it is confirmed where it was asked, or in a private chat of whoever asked, on any platform", () => {
  for (const by of [
    { room: GROUP, privately: false },
    { room: PRIVATE, privately: true },
    { room: "telegram:1001", privately: true },
  ]) {
    const { desk, open } = asked();
    const answer = { ...desk.by("ana", by.room), privately: by.privately };
    desk.ask({ verb: "confirm", code: open.code }, answer);
    expect(desk.said("trading.resumed")).toHaveLength(1);
  }
});

test("another room is refused, and so is another person in a private chat of their own", () => {
  const { desk, open } = asked();
  desk.ask({ verb: "confirm", code: open.code }, desk.by("ana", "slack:C1"));
  desk.ask({ verb: "confirm", code: open.code }, { ...desk.by("bo", PRIVATE), privately: true });
  desk.ask({ verb: "confirm", code: open.code }, desk.by("bo", GROUP));
  expect(desk.said("request.answered").map(({ why }) => why)).toEqual([
    "Confirm it where it was asked, or in your private chat with the desk.",
    "Only ana, who asked, can confirm this.",
    "Only ana, who asked, can confirm this.",
  ]);
  expect(desk.state.desk.confirmations.size).toBe(1);
});

test("anyone may deny, from any room", () => {
  const { desk, open } = asked();
  desk.ask({ verb: "deny", code: open.code }, desk.by("bo", "slack:C1"));
  expect(desk.said("confirmation.closed").at(-1)).toMatchObject({ outcome: "denied" });
});

test("a pressed button answers its own confirmation, and none that came to have its code", () => {
  const { desk, open } = asked();
  const gone = confirmationId("gone0000");
  for (const verb of ["confirm", "deny"] as const) {
    desk.ask({ verb, code: open.code, confirmation: gone }, desk.by("ana", GROUP));
  }
  expect(desk.said("request.answered").map(({ why }) => why)).toEqual(
    Array(2).fill("That request is over."),
  );
  desk.ask({ verb: "confirm", code: "", confirmation: open.id }, desk.by("ana", GROUP));
  expect(desk.said("trading.resumed")).toHaveLength(1);
});

test("a press of what has expired, or has moved, is judged as if it had been typed", () => {
  const { desk, open } = asked();
  desk.wait(120_001);
  desk.ask({ verb: "confirm", code: open.code, confirmation: open.id }, desk.by("ana", GROUP));
  expect(desk.said("confirmation.closed").at(-1)).toMatchObject({ outcome: "expired" });
  desk.ask({ verb: "confirm", code: open.code, confirmation: open.id }, desk.by("ana", GROUP));
  expect(desk.said("request.answered").at(-1)?.why).toBe("That request is over.");
});

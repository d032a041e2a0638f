import { expect, test } from "vitest";
import type { Proposal, Snapshot } from "../../src/core/control/request.ts";
import type { EventBody } from "../../src/core/engine/event.ts";
import { inboundId } from "../../src/core/kernel/ids.ts";
import { quote } from "../../src/core/kernel/money.ts";
import { BO, BY_ANA, CONFIRMATION, CONSOLE, numbered, OTHER_ROOM } from "../kit/sample-desk.ts";
import { said, told } from "../kit/told.ts";

test("a confirmation shows its code, its end by the wall clock and both answers", () => {
  const opened: EventBody = {
    kind: "confirmation.opened",
    confirmation: CONFIRMATION,
    detail: ["+20% over approved · worst case +$200 exposed"],
  };
  expect(said(opened)).toBe(`⚠️ LIVE nyc1 · RAISE asked by Ana
  BTC-USD position-notional $1,000 → $1,200
  +20% over approved · worst case +$200 exposed
  Confirm: /confirm K7QF before 13:09:05 EST
  Any operator may deny. #0EV3
`);
  expect(told(numbered([opened]))[0]?.card.buttons.map(({ line }) => line)).toEqual([
    "/confirm K7QF",
    "/deny K7QF",
  ]);
});

test("a request that took the place of another names it", () => {
  const confirmation = { ...CONFIRMATION, replaces: "CEMW" };
  const text = said({ kind: "confirmation.opened", confirmation, detail: [] });
  expect(text).toContain("\n  Replaces CEMW. Any operator may deny.");
});

test("whoever asked hears it in their private chats; where it cannot be confirmed it can be denied", () => {
  const [alert] = told(
    numbered([{ kind: "confirmation.opened", confirmation: CONFIRMATION, detail: ["+20%"] }]),
  );
  expect(alert).toMatchObject({ replyTo: CONSOLE, person: "ana", topic: "incidents", edit: false });
  const { id } = CONFIRMATION;
  expect(alert?.card.buttons.map(({ answers }) => answers)).toEqual([
    { confirmation: id, verb: "confirm" },
    { confirmation: id, verb: "deny" },
  ]);
  const { elsewhere } = alert ?? {};
  expect(elsewhere?.headline).toBe(alert?.card.headline);
  expect(elsewhere?.lines).toEqual([
    "BTC-USD position-notional $1,000 → $1,200",
    "+20%",
    "Confirm where it was asked or in the private chat.",
    "Any operator may deny.",
  ]);
  expect(elsewhere?.lines.join(" ")).not.toContain(CONFIRMATION.code);
  expect(elsewhere?.buttons).toEqual([
    {
      label: "Deny",
      line: "/deny K7QF",
      danger: false,
      answers: { confirmation: id, verb: "deny" },
    },
  ]);
});

test("when it is over it is withdrawn in the very rooms that were asked, whoever ended it and wherever", () => {
  const by = { ...BY_ANA, person: BO.id, name: "Bo", room: OTHER_ROOM };
  const [opened, edit, answer, told_] = told(
    numbered([
      { kind: "confirmation.opened", confirmation: CONFIRMATION, detail: [] },
      {
        kind: "confirmation.closed",
        confirmation: CONFIRMATION,
        outcome: "denied",
        by,
        detail: "",
      },
    ]),
  );
  expect(edit).toMatchObject({
    edit: true,
    topic: opened?.topic,
    replyTo: opened?.replyTo,
    person: opened?.person,
    key: opened?.key,
    card: { buttons: [] },
  });
  const under = opened?.key;
  expect(answer).toMatchObject({ edit: false, under, person: "ana", replyTo: OTHER_ROOM });
  expect(told_).toMatchObject({ topic: "reply-only", under, replyTo: CONSOLE });
  expect(told_?.part, "one message where both are heard").toBe(answer?.part);
});

test("what a confirmed request did is told under it; what was not confirmed stands alone", () => {
  const change: EventBody = {
    kind: "limit.changed",
    key: "portfolio.max_daily_loss_usd",
    from: "150",
    to: "200",
    raise: true,
    by: BY_ANA,
  };
  const other = { ...BY_ANA, inbound: inboundId("console:run:2") };
  const events: EventBody[] = [
    {
      kind: "confirmation.closed",
      confirmation: CONFIRMATION,
      outcome: "confirmed",
      by: BY_ANA,
      detail: "",
    },
    change,
    { kind: "trading.resumed", by: BY_ANA, rearmed: [], equity: quote("1") },
    { kind: "trading.rearmed", by: BY_ANA },
    { ...change, raise: false, by: other },
  ];
  expect(told(numbered(events)).map(({ under }) => under)).toEqual([
    null,
    "confirmation:c0ffee00",
    "confirmation:c0ffee00",
    "confirmation:c0ffee00",
    null,
  ]);
});

test("a closed confirmation loses its buttons; one that came to nothing is also told", () => {
  const close = (outcome: "confirmed" | "expired"): EventBody => ({
    kind: "confirmation.closed",
    confirmation: CONFIRMATION,
    outcome,
    by: outcome === "expired" ? null : BY_ANA,
    detail: "",
  });
  const done = told(numbered([close("confirmed")]));
  expect(done).toMatchObject([{ edit: true, key: "confirmation:c0ffee00", card: { buttons: [] } }]);
  const late = told(numbered([close("expired")]));
  expect(late.map(({ edit, part }) => [edit, part])).toEqual([
    [true, "edit"],
    [false, "outcome"],
  ]);
  expect(late[1]?.card.headline).toBe("EXPIRED · RAISE of Ana");
});

test("a terminal is spared the edit where a new message says the same, and nowhere else", () => {
  const echoes = (outcome: "confirmed" | "denied" | "voided", proposal: Proposal) =>
    told(
      numbered([
        {
          kind: "confirmation.closed",
          confirmation: { ...CONFIRMATION, proposal },
          outcome,
          by: BY_ANA,
          detail: "",
        },
      ]),
    ).map(({ card }) => card.echo === true);
  expect(echoes("denied", { verb: "resume" })).toEqual([true, false]);
  expect(echoes("confirmed", { verb: "resume" })).toEqual([true]);
  expect(echoes("confirmed", { verb: "flatten", products: [] })).toEqual([false]);
  expect(echoes("voided", { verb: "resume" })).toEqual([false]);
});

test("what a kill voids says why, and whoever gave no name is spoken to", () => {
  const by = { ...BY_ANA, name: "you" };
  const voided: EventBody = {
    kind: "confirmation.closed",
    confirmation: { ...CONFIRMATION, by, proposal: { verb: "resume" } },
    outcome: "voided",
    by: null,
    detail: "killed",
  };
  expect(said(voided)).toBe(`LIVE nyc1 · VOID · your RESUME
  Lifts the pause; entries may be placed again.
  Because the desk was killed.
  13:07:05 EST. Nothing was changed. #0EV3
`);
});

test("a request for a resume, a rearm or a sale says nothing twice", () => {
  let snapshot: Snapshot = {};
  const opened = (proposal: Proposal, ...detail: string[]): string =>
    said({
      kind: "confirmation.opened",
      confirmation: { ...CONFIRMATION, proposal, snapshot },
      detail,
    });
  expect(opened({ verb: "rearm" })).toBe(`⚠️ LIVE nyc1 · REARM asked by Ana
  Clears the latch; the desk lands paused.
  Confirm: /confirm K7QF before 13:09:05 EST
  Any operator may deny. #0EV3
`);
  expect(opened({ verb: "resume" }, "Re-arms daily loss.")).toContain(`asked by Ana
  Lifts the pause; entries may be placed again.
  Re-arms daily loss.
  Confirm:`);
  snapshot = { paused: "no" };
  expect(opened({ verb: "resume" }, "Re-arms daily loss.")).toContain(`asked by Ana
  Entries may be placed again.
  Re-arms daily loss.
`);
});

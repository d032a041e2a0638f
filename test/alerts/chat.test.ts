import { expect, test } from "vitest";
import type { EventBody, EventOf } from "../../src/core/engine/event.ts";
import { roomId } from "../../src/core/kernel/ids.ts";
import { numbered } from "../kit/sample-desk.ts";
import { said, text, told } from "../kit/told.ts";

const ROOM = roomId("telegram:-100");
const lost = (room: EventOf<"chat.lost">["room"], why: string): EventBody => ({
  kind: "chat.lost",
  platform: "telegram",
  room,
  why,
});
const back = (room: EventOf<"chat.lost">["room"], silentMs: number): EventBody => ({
  kind: "chat.recovered",
  platform: "telegram",
  room,
  silentMs,
});

test("a silent platform is told everywhere but there: what still works and what to look at", () => {
  const silent = lost(null, "the token is refused");
  expect(said(silent)).toBe(`⚠️ LIVE nyc1 · TELEGRAM SILENT: the token is refused
  13:07:05 EST. Trading, stops and limits go on as before.
  What you say here is heard; what is to be said there waits.
  Look at the token, at this machine's network and at Telegram's own status page. #0EV3
`);
  expect(told(numbered([silent]))[0]).toMatchObject({
    priority: "P1",
    topic: "incidents",
    notOn: "telegram",
    edit: false,
  });
});

test("when it is back that is told everywhere, under what said that it was lost", () => {
  const [first, there, then] = told(
    numbered([lost(null, "no answer"), back(null, 185_000)], 15202),
  );
  expect(there).toMatchObject({ notOn: "telegram", part: then?.part, under: then?.under });
  expect(text(then)).toBe(`LIVE nyc1 · TELEGRAM back after 3 min
  13:07:05 EST. What waited is being said there now. #0EV3
`);
  expect(then).toMatchObject({ priority: "P1", topic: "incidents", notOn: null, edit: false });
  expect(then?.under).toBe(first?.key);
});

test("a platform that falls silent again within half an hour edits a count; only a long silence rings at its end", () => {
  const minute = 60_000;
  const flaps = Array.from({ length: 4 }, (_, i) => [lost(null, `no ${i}`), back(null, minute)]);
  const alerts = told(numbered(flaps.flat(), 1, minute)).filter(({ notOn }) => notOn !== null);
  expect(alerts.map(({ edit }) => edit)).toEqual([false, false, ...Array(6).fill(true)]);
  expect(new Set(alerts.map(({ key, under }) => key ?? under)).size).toBe(1);
  expect(text(alerts[6])).toContain("TELEGRAM SILENT: no 3 · 4 times");
  expect(text(alerts[6])).toContain("Since 13:07");
  expect(alerts.every(({ notOn }) => notOn === "telegram")).toBe(true);
  const long = [...flaps.flat(), lost(null, "again"), back(null, 600_000)];
  expect(told(numbered(long, 1, minute)).at(-1)).toMatchObject({ edit: false, notOn: null });
  const rested = told(numbered([lost(null, "x"), lost(null, "x")], 1, 1_800_000));
  expect(rested.map(({ edit }) => edit)).toEqual([false, false]);
});

test("a single silent room is told in the others, its own platform included", () => {
  const [first, then] = told(numbered([lost(ROOM, "blocked there"), back(ROOM, 4000)], 15202));
  expect(text(first)).toBe(`⚠️ LIVE nyc1 · TELEGRAM room SILENT: blocked there
  13:07:05 EST. Room telegram:-100: nothing can be said there.
  The other rooms on Telegram hear everything.
  Let the desk in again, or take the room out of people.yaml. #0EV2
`);
  expect(first?.notOn).toBe(ROOM);
  expect(text(then)).toBe(`LIVE nyc1 · TELEGRAM room back after 4.0 s
  Room telegram:-100
  13:07:05 EST. What was said meanwhile was not told there. #0EV3
`);
  expect(then?.under).toBe(first?.key);
  expect(told(numbered([lost(null, "x")]))[0]?.key).not.toBe(first?.key);
});

const security = (
  what: EventOf<"security.noticed">["what"],
  of: Partial<EventOf<"security.noticed">> = {},
): EventBody => ({
  kind: "security.noticed",
  platform: "telegram",
  what,
  count: 14,
  detail: "666, 667",
  ...of,
});

test.each([
  [
    security("second-listener", { count: 1, detail: "" }),
    "another program reads Telegram with our token",
  ],
  [security("foreign-webhook", { detail: "" }), "Telegram was told to send our messages elsewhere"],
  [security("forged-button", { count: 1 }), "a button on Telegram that is not mine was pressed"],
  [security("strangers"), "14 messages from people I do not know"],
  [security("turned-away", { detail: "bot 14" }), "14 messages turned away on Telegram"],
  [security("wrong-codes", { count: 5, detail: "Bo" }), "5 wrong codes by Bo"],
] as const)(
  "what may be an attack is told on every platform and says what to do",
  (event, headline) => {
    const [alert] = told(numbered([event]));
    expect(alert).toMatchObject({
      priority: "P1",
      topic: "security",
      replyTo: null,
      person: null,
      notOn: null,
      edit: false,
    });
    expect(alert?.card.headline).toBe(`SECURITY: ${headline}`);
    expect(alert?.card.lines.length).toBeGreaterThan(1);
  },
);

test("a second listener, strangers and wrong codes in full", () => {
  expect(said(security("second-listener", { detail: "Telegram says 409" }))).toBe(
    `⚠️ LIVE nyc1 · SECURITY: another program reads Telegram with our token
  Telegram says 409
  A second copy of this desk runs, or somebody has the token.
  Until then commands on Telegram may be lost; speak on another platform.
  Stop the copy. If there is none: /revoke at @BotFather, set the new token, restart.
  13:07:05 EST #0EV3
`,
  );
  expect(said(security("strangers"))).toBe(
    `⚠️ LIVE nyc1 · SECURITY: 14 messages from people I do not know
  On Telegram: 666, 667
  None was obeyed.
  Whoever belongs here is added with npm run setup.
  13:07:05 EST #0EV3
`,
  );
  expect(said(security("wrong-codes", { count: 5, detail: "Bo" }))).toBe(
    `⚠️ LIVE nyc1 · SECURITY: 5 wrong codes by Bo
  The last on Telegram. What raises risk is refused to them for 15 min.
  Reading and what lowers risk still work for them.
  If it was somebody else with their account: /suspend Bo
  13:07:05 EST #0EV3
`,
  );
});

test.each(["strangers", "turned-away"] as const)(
  "a few %s in a minute ring nobody; ten of them ring once, though a few were told before",
  (what) => {
    const counts = [9, 2, 10, 40, 3];
    const alerts = told(
      numbered(
        counts.map((count) => security(what, { count })),
        1,
        60_000,
      ),
    );
    expect(alerts.map(({ priority, edit }) => `${priority}${edit ? " edit" : ""}`)).toEqual([
      "P2",
      "P2 edit",
      "P1",
      "P1 edit",
      "P2 edit",
    ]);
    expect(alerts[2]?.key).not.toBe(alerts[0]?.key);
    expect(told(numbered([security("wrong-codes", { count: 5 })]))[0]?.priority).toBe("P1");
  },
);

test.each([
  ["hook-moved", "Telegram sends our messages to another machine"],
  ["listener-once", "another program asked Telegram for our messages"],
] as const)(
  "what need be nobody's attack (%s) is told on every platform and rings nobody",
  (what, headline) => {
    const [alert, ...more] = told(numbered([security(what, { count: 1 })]));
    expect(more).toEqual([]);
    expect(alert).toMatchObject({ priority: "P2", topic: "security", notOn: null, key: null });
    expect(alert?.card.headline).toBe(`SECURITY: ${headline}`);
  },
);

test("strangers that go on for minutes are one message whose count is edited, until ten minutes of quiet", () => {
  const minutes = Array.from({ length: 3 }, () => security("strangers"));
  const alerts = told(numbered([...minutes, security("turned-away")], 1, 60_000));
  expect(alerts.map(({ edit }) => edit)).toEqual([false, true, true, false]);
  expect(new Set(alerts.slice(0, 3).map(({ key }) => key)).size).toBe(1);
  expect(alerts[2]?.card.lines.at(-1)).toBe("The latest of 3 such minutes since 13:07.");
  const later = told(numbered([security("strangers"), security("strangers")], 1, 600_000));
  expect(later.map(({ edit }) => edit)).toEqual([false, false]);
  const listeners = told(numbered([security("second-listener"), security("second-listener")]));
  expect(listeners.map(({ key, edit }) => [key, edit])).toEqual([
    [null, false],
    [null, false],
  ]);
});

test.each([
  "key-changed",
  "key-refused",
  "key-old",
  "key-may-transfer",
  "key-cannot-trade",
] as const)(
  "what befalls the API key (%s) rings everywhere, each time, with what to do",
  (what) => {
    const about = security(what, { platform: "coinbase", detail: "It is 11223344… now." });
    const alerts = told(numbered([about, about]));
    for (const { priority, topic, key, edit, notOn } of alerts) {
      expect({ priority, topic, key, edit, notOn }).toEqual({
        priority: "P1",
        topic: "security",
        key: null,
        edit: false,
        notOn: null,
      });
    }
    expect(alerts).toHaveLength(2);
    const lines = said(about).trimEnd().split("\n");
    expect(lines[0]).toMatch(/^⚠️ LIVE nyc1 · SECURITY: .*API key/);
    expect(said(about)).toContain("It is 11223344… now.");
    expect(lines.length).toBeLessThanOrEqual(8);
  },
);

test("a recovery code that was used rings everywhere, with who used it and what to do", () => {
  const detail = "Ana used one instead of an authenticator. 9 are left.";
  const [used] = told(numbered([security("recovery-code", { platform: "slack", detail })]));
  expect(used).toMatchObject({ priority: "P1", topic: "security", key: null, notOn: null });
  expect(used?.card.headline).toBe("SECURITY: a recovery code was used");
  expect(used?.card.lines.slice(0, 3)).toEqual([
    `On Slack: ${detail}`,
    "It stands for the person's authenticator, once.",
    "If it was not them: /pause, and /suspend with their name.",
  ]);
});

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
  const [first, then] = told(numbered([lost(null, "no answer"), back(null, 185_000)], 15202));
  expect(text(then)).toBe(`LIVE nyc1 · TELEGRAM back after 3 min
  13:07:05 EST. What waited is being said there now. #0EV3
`);
  expect(then).toMatchObject({ priority: "P1", topic: "incidents", notOn: null, edit: false });
  expect(then?.under).toBe(first?.key);
});

test("a single silent room is told in the others, its own platform included", () => {
  const [first, then] = told(numbered([lost(ROOM, "blocked there"), back(ROOM, 4000)], 15202));
  expect(text(first)).toBe(`⚠️ LIVE nyc1 · TELEGRAM room SILENT: blocked there
  13:07:05 EST. Room telegram:-100: nothing can be said there.
  The other rooms on Telegram hear everything.
  Let the desk in again, or take the room out of people.yaml. #0EV2
`);
  expect(first?.notOn).toBeNull();
  expect(text(then)).toBe(`LIVE nyc1 · TELEGRAM room back after 4.0 s
  Room telegram:-100
  13:07:05 EST. What waited is being said there now. #0EV3
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
  [security("strangers"), "14 messages from people I do not know"],
  [security("turned-away", { detail: "bot 14" }), "14 messages turned away on Telegram"],
  [security("wrong-codes", { count: 5, detail: "Bo" }), "5 wrong codes by Bo"],
] as const)(
  "what may be an attack is told on every platform and says what to do",
  (event, headline) => {
    const [alert] = told(numbered([event]));
    expect(alert).toMatchObject({
      priority: "P1",
      topic: "incidents",
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
  Whoever belongs here is added with claudbot setup.
  13:07:05 EST #0EV3
`,
  );
  expect(said(security("wrong-codes", { count: 5, detail: "Bo" }))).toBe(
    `⚠️ LIVE nyc1 · SECURITY: 5 wrong codes by Bo
  The last on Telegram. Their risky commands are refused for 15 min.
  Reading, /pause, /kill and /deny still work for them.
  If it was somebody else with their account, take it out of people.yaml and restart.
  13:07:05 EST #0EV3
`,
  );
});

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

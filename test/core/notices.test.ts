import { expect, test } from "vitest";
import { evolve } from "../../src/core/engine/evolve.ts";
import type { Notice } from "../../src/core/engine/input.ts";
import { deskView } from "../../src/core/engine/view.ts";
import { roomId } from "../../src/core/kernel/ids.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { DeskScript } from "../kit/desk-script.ts";

const ROOM = roomId("telegram:-100");
const lost = (
  room: Extract<Notice, { kind: "lost" }>["room"] = null,
  why = "no answer",
): Notice => ({
  kind: "lost",
  platform: "telegram",
  room,
  why,
});
const back = (room: Extract<Notice, { kind: "back" }>["room"] = null): Notice => ({
  kind: "back",
  platform: "telegram",
  room,
});
const noticed = (desk: DeskScript, notice: Notice): DeskScript =>
  desk.put({ kind: "chat.noticed", notice });

test("a silence is said once until it is over, and its end with how long it was", () => {
  const desk = DeskScript.ready();
  noticed(desk, lost());
  noticed(desk.wait(60_000), lost(null, "still no answer"));
  noticed(desk.wait(120_000), back());
  noticed(desk.wait(1000), back());
  expect(desk.events.filter(({ kind }) => kind.startsWith("chat."))).toEqual([
    { kind: "chat.lost", platform: "telegram", room: null, why: "no answer" },
    { kind: "chat.recovered", platform: "telegram", room: null, silentMs: 180_000 },
  ]);
  noticed(desk, lost());
  expect(desk.said("chat.lost")).toHaveLength(2);
});

test("what was never said to be lost is not said to be back", () => {
  const desk = noticed(DeskScript.ready(), back());
  expect(desk.said("chat.recovered")).toEqual([]);
});

test("a room is silent by itself, beside its platform", () => {
  const desk = DeskScript.ready();
  for (const notice of [lost(ROOM, "blocked"), lost(ROOM), lost(), back()]) noticed(desk, notice);
  expect(desk.said("chat.lost").map(({ room }) => room)).toEqual([ROOM, null]);
  expect(desk.said("chat.recovered").map(({ room }) => room)).toEqual([null]);
  const { silent } = deskView(desk.state, instant(desk.now + 5000));
  expect(silent).toEqual([{ platform: "telegram", room: ROOM, why: "blocked", silentMs: 5000 }]);
});

test("what may be an attack is always said", () => {
  const desk = DeskScript.ready();
  const notice = {
    kind: "security",
    platform: "telegram",
    what: "second-listener",
    count: 1,
    detail: "x".repeat(5000),
  } as const;
  noticed(desk, notice);
  noticed(desk, notice);
  expect(desk.said("security.noticed")).toHaveLength(2);
  expect(desk.said("security.noticed")[0]?.detail).toHaveLength(300);
});

test("no notice touches what is traded, asks anything of the world, or is kept across a start", () => {
  const desk = DeskScript.ready();
  const before = structuredClone({ ...desk.state.desk, seq: 0 });
  const asked = desk.effects.length;
  const last = desk.events.length;
  const security = {
    kind: "security",
    platform: "slack",
    what: "wrong-codes",
    count: 5,
    detail: "Bo",
  } as const;
  for (const notice of [lost(), lost(ROOM), security, back()]) noticed(desk, notice);
  expect({ ...desk.state.desk, seq: 0 }).toEqual(before);
  expect(desk.effects).toHaveLength(asked);
  const said = desk.events.slice(last);
  expect(said).toHaveLength(4);
  const other = DeskScript.ready();
  const same = structuredClone({ ...other.state.desk, seq: 0 });
  for (const body of said) {
    evolve(other.state.desk, { seq: other.state.desk.seq + 1, at: instant(other.now), body });
  }
  expect({ ...other.state.desk, seq: 0 }).toEqual(same);
  expect(other.state.sight.silent.size).toBe(0);
});

test("a key that may not trade any more pauses the desk, once, and no other word about a key does", () => {
  const desk = DeskScript.ready();
  const about = (what: Extract<Notice, { kind: "security" }>["what"]): Notice => ({
    kind: "security",
    platform: "coinbase",
    what,
    count: 1,
    detail: "",
  });
  for (const what of ["key-changed", "key-refused", "key-old", "key-may-transfer"] as const) {
    noticed(desk, about(what));
  }
  expect(desk.said("trading.paused")).toEqual([]);
  noticed(noticed(desk, about("key-cannot-trade")), about("key-cannot-trade"));
  expect(desk.said("security.noticed")).toHaveLength(6);
  expect(desk.said("trading.paused")).toMatchObject([
    { latch: { by: null, reason: "the API key may not trade any more" } },
  ]);
});

test("more silences than there can be rooms are not believed", () => {
  const desk = DeskScript.ready();
  for (let i = 0; i < 600; i += 1) noticed(desk, lost(roomId(`telegram:${i}`)));
  expect(desk.said("chat.lost")).toHaveLength(500);
});

import { expect, test } from "vitest";
import { COMMANDS } from "../../commands/table.ts";
import type { DeskView } from "../../src/core/engine/views.ts";
import { quote } from "../../src/core/kernel/money.ts";
import { later } from "../../src/core/kernel/time.ts";
import { homeOf } from "../../src/run/home.ts";
import { ANA, BO, BY_ANA, CONFIRMATION, GLANCE, NOW, VIEW, WALL } from "../kit/sample-desk.ts";

const ANAS = "slack:T1/UANA";
let view: DeskView = VIEW;
const home = homeOf({
  query: { view: () => view },
  people: [ANA, BO],
  commands: COMMANDS,
  wall: WALL,
  heading: () => "LIVE nyc1",
});
const printOf = (next: DeskView): string | undefined => {
  view = next;
  return home.page(ANAS)?.print;
};

test("a person sees the state, the caps and what waits, with the buttons that are theirs; a stranger nothing", () => {
  view = VIEW;
  const page = home.page(ANAS);
  expect(page?.cards.map(({ headline }) => headline.split(" · ")[0])).toEqual([
    "RUNNING",
    "Limits: 4 caps, version 1",
    "RAISE of Ana K7QF waits",
  ]);
  expect(page?.cards[2]?.buttons.map(({ answers }) => answers?.verb)).toEqual(["confirm", "deny"]);
  expect(home.page("slack:T1/UEVE")).toBeNull();
});

test("a suspended person sees the state alone: neither the caps nor the codes of what waits", () => {
  const pending = [{ ...CONFIRMATION, by: { ...BY_ANA, person: BO.id, name: "Bo" } }];
  view = { ...VIEW, pending, suspended: [{ person: ANA.id, name: "Ana", since: NOW }] };
  const page = home.page(ANAS);
  expect(page?.cards.map(({ headline }) => headline.split(" · ")[0])).toEqual(["RUNNING"]);
  expect(JSON.stringify(page)).not.toContain("K7QF");
});

test("it changes with what happened, and not with the time or a few cents", () => {
  const before = printOf(VIEW);
  const later_ = { ...VIEW, at: later(NOW, 5000), glance: { ...GLANCE, dayNet: quote("-3.40") } };
  expect(printOf({ ...later_, feeds: [] })).toBe(before);
  const [limit] = VIEW.limits;
  if (!limit) throw new Error("the sample has caps");
  const changes: readonly Partial<DeskView>[] = [
    { trading: "reducing" },
    { pending: [] },
    { limits: [{ ...limit, value: "100" }] },
    { positions: [] },
    { orders: [] },
    { glance: { ...GLANCE, dayNet: quote("-5.10") } },
    { duty: [{ person: BO.id, name: "Bo", since: NOW }] },
  ];
  for (const change of changes) {
    expect(printOf({ ...VIEW, ...change }), Object.keys(change).join()).not.toBe(before);
  }
});

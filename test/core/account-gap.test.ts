/** After a gap in the account stream the desk trades on nothing it remembers: it reads the venue anew, from after the gap. */
import { expect, test } from "vitest";
import { instant } from "../../src/core/kernel/time.ts";
import { DeskScript } from "../kit/desk-script.ts";

test("when the account stream comes back the venue is read at once, and entries wait for what was read after it", () => {
  const desk = DeskScript.ready();
  desk.put({ kind: "feed.broken", stream: "user", cause: "closed" });
  const asked = desk.asked("list").length;
  desk.wait(1000).alive();
  expect(desk.asked("list")).toHaveLength(asked + 1);

  const wanted = () => {
    const before = desk.said("intent.vetoed").length;
    desk.quote("99.99", "100.01").want("long");
    return desk.said("intent.vetoed").slice(before);
  };
  const refused = [{ vetoes: [expect.objectContaining({ rule: "reconciled" })] }];
  expect(wanted()).toMatchObject(refused);
  // It was begun while the stream was broken, and cannot know what the gap hid.
  desk.listed({ asOf: instant(desk.now - 1500) });
  expect(wanted()).toMatchObject(refused);
  desk.listed();
  expect(wanted()).toEqual([]);
  expect(desk.said("order.planned")).toHaveLength(1);
});

/** The schemas of both platforms made anew from the installed types; the short form compares what they were made from. */
import { describe, expect, test } from "vitest";
import { MAKERS, stale } from "../kit/make-schemas.ts";
import { originOf, PLATFORMS, recorded } from "../kit/schemas-origin.ts";

describe.each(PLATFORMS)("the schemas of %s", (platform) => {
  test("are those that the installed types give", async () => {
    expect(stale(platform, await MAKERS[platform]())).toEqual([]);
  });

  test("have the recorded origin", () => {
    expect(recorded()[platform]).toBe(originOf(platform));
  });
});

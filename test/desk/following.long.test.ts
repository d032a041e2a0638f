/** A long market for entries that follow the price; the short form is in entries.test.ts. */
import { test } from "vitest";
import { followsThePrice } from "./following.ts";

test("over many moves no decision has two orders at the exchange at once, nor buys more than was decided", () =>
  followsThePrice(400));

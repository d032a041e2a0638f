/** Each way to kill beside chat, with as many open orders as a desk may ever have. */
import { test } from "vitest";
import { killedBy, WAYS } from "./kill-lives.ts";

test.each(WAYS)("$name cancels fifty open orders, and the next start is killed", (way) =>
  killedBy(way, 50),
);

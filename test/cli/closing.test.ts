/** Closing: every door is closed, the last opened first, and the first error is the one that is told. */
import { expect, test } from "vitest";
import { closingAfter } from "../../src/cli/closing.ts";

function doors(failing: readonly string[]) {
  const closed: string[] = [];
  const open = (name: string) => async () => {
    closed.push(name);
    if (failing.includes(name)) throw new Error(`${name} does not close`);
  };
  const run = (end: () => string) =>
    closingAfter(async (onClose) => {
      for (const name of ["pages", "store", "venue"]) onClose(open(name));
      return end();
    });
  return { closed, run };
}

test("all are closed after the run, the last opened first", async () => {
  const { closed, run } = doors([]);
  expect(await run(() => "done")).toBe("done");
  expect(closed).toEqual(["venue", "store", "pages"]);
});

test("one that does not close keeps none of the others open, and is told", async () => {
  const { closed, run } = doors(["venue", "pages"]);
  await expect(run(() => "done")).rejects.toThrow("venue does not close");
  expect(closed).toEqual(["venue", "store", "pages"]);
});

test("the run's own error is told before any of closing", async () => {
  const { closed, run } = doors(["venue", "store"]);
  const bad = (): string => {
    throw new Error("the run failed");
  };
  await expect(run(bad)).rejects.toThrow("the run failed");
  expect(closed).toEqual(["venue", "store", "pages"]);
});

test("what was opened before a failed opening is closed too", async () => {
  const closed: string[] = [];
  const run = closingAfter(async (onClose) => {
    onClose(async () => void closed.push("pages"));
    throw new Error("no database");
  });
  await expect(run).rejects.toThrow("no database");
  expect(closed).toEqual(["pages"]);
});

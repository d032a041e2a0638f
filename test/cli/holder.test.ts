/** Whether the holder of a lease is gone: only what is certain counts, for a desk declared dead while it lives is a loss. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { holderName, isGone, type Place, thisPlace } from "../../src/cli/holder.ts";

const HERE: Place = {
  host: "desk-1",
  boot: "0a6ce09c-54e5-4474-9c98-f6dea7e4d785",
  pidNamespace: "4026531836",
  machine: "3d1219c7c4c5404aaa1f6d2a48adfda4",
  hasNamespaces: true,
};
/** Above the largest pid of Linux. */
const NO_PID = "99999999";
const holder = (over: Partial<Place> = {}, pid = NO_PID, start = "1"): string => {
  const { host, boot, pidNamespace, machine } = { ...HERE, ...over };
  return [host, pid, start, boot, pidNamespace, machine].join(":");
};

test("we ourselves are not gone", () => {
  expect(isGone(holderName())).toBe(false);
  expect(holderName().split(":")).toHaveLength(6);
});

test("a process that was killed is gone", async () => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  const name = holderName().replace(`:${process.pid}:`, `:${child.pid}:`);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(isGone(name, thisPlace())).toBe(true);
});

test("a process number that nobody has, here, is gone", () => {
  expect(isGone(holder(), HERE)).toBe(true);
});

test("a process number given to another program is gone", () => {
  expect(isGone(holder({}, `${process.pid}`, "1"), HERE)).toBe(true);
});

test("a desk in another container of this machine is not gone, though its number is nobody's here", () => {
  expect(isGone(holder({ pidNamespace: "4026532999" }), HERE)).toBe(false);
});

test("a desk on another machine is not gone, whether by name or by being another of the same name", () => {
  expect(isGone(holder({ host: "desk-2" }), HERE)).toBe(false);
  const twin = holder({ boot: "11111111-54e5-4474-9c98-f6dea7e4d785", machine: "feed" });
  expect(isGone(twin, HERE)).toBe(false);
});

test("a desk from before this machine started again is gone, also with a number that somebody has", () => {
  const boot = "11111111-54e5-4474-9c98-f6dea7e4d785";
  expect(isGone(holder({ boot }, `${process.pid}`), HERE)).toBe(true);
  expect(isGone(holder({ boot, machine: "" }), { ...HERE, machine: "" })).toBe(false);
});

test("what does not say where it ran is not gone", () => {
  expect(isGone(`desk-1:${NO_PID}:1`, HERE)).toBe(false);
  expect(isGone(holder({ pidNamespace: "" }), HERE)).toBe(false);
  expect(isGone(holder(), { ...HERE, boot: "" })).toBe(false);
  for (const odd of ["", "desk-1", "desk-1:x:1", "desk-1:0:1", "desk-1:-1:1"]) {
    expect(isGone(odd, HERE)).toBe(false);
  }
});

test("a system without boot ids and namespaces goes by the process alone", () => {
  const bare = { ...HERE, boot: "", pidNamespace: "", machine: "", hasNamespaces: false };
  expect(isGone(`desk-1:${NO_PID}:`, bare)).toBe(true);
  expect(isGone(`desk-1:${process.pid}:`, bare)).toBe(false);
});

/** Single looks of the doctor, told what was seen: nothing is asked of a venue here. */
import { expect, test } from "vitest";
import { HELD_BACK } from "../../src/adapters/coinbase/fault.ts";
import type { HeardCall } from "../../src/adapters/coinbase/heard.ts";
import { reach } from "../../src/adapters/net/reach.ts";
import { lookAtRights } from "../../src/cli/doctor/auth.ts";
import { evidenceOf } from "../../src/cli/doctor/evidence.ts";
import { explain } from "../../src/cli/doctor/explain.ts";
import { lookAtAllowance, lookAtThrottling } from "../../src/cli/doctor/limits.ts";
import { newSeen, type Ward } from "../../src/cli/doctor/ward.ts";
import { answering } from "./doctor-kit.ts";

test("what we hold back ourselves is no fault of the network", () => {
  const about = { host: "h", algorithm: null, aheadMs: 0, proxies: [] };
  const held = explain({ kind: "not-sent", detail: HELD_BACK }, about);
  expect(held.says).toMatch(/throttles us.*we hold back/);
  expect(held.fix).not.toMatch(/network/);
});

test("sockets that never open count where the venue itself is reached, and only there", () => {
  const path = {
    name: "path",
    item: "auth.address",
    verdict: "PASS",
    says: "",
    fix: null,
  } as const;
  const broken = (url: string, steps: readonly (typeof path)[]) => {
    const visit = { endpoint: "market", url, frames: 0, lost: 0, ended: "closed with 1006" };
    const seen = { ...newSeen(), visits: Array(3).fill(visit) };
    return evidenceOf({ seen }, steps).brokenVisits;
  };
  expect(broken("wss://advanced-trade-ws.coinbase.com", [path])).toBe(3);
  expect(broken("wss://advanced-trade-ws.coinbase.com", [])).toBe(0);
  expect(broken("ws://127.0.0.1:9", [path])).toBe(0);
});

test("a host of several addresses is reached when one of them answers", async () => {
  await using there = await answering(200, "");
  const url = `http://both.example:${there.port}`;
  const at = (...addresses: string[]) =>
    reach(url, (_name, _options, found) =>
      found(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      ),
    );
  expect(await at("127.0.0.2", "127.0.0.1")).toMatchObject({
    value: `127.0.0.1 port ${there.port}, without TLS`,
  });
  expect(await at("127.0.0.2")).toMatchObject({ error: { step: "TCP", cause: "ECONNREFUSED" } });
  expect(await reach("http://nowhere.invalid/")).toMatchObject({ error: { step: "DNS" } });
});

test("every right that is wrong is named, and a paper key that may not view does not pass", () => {
  const says = (as: Ward["as"], canView: boolean, canTransfer: boolean) => {
    const permissions = { canView, canTrade: false, canTransfer, portfolio: null };
    return lookAtRights({ seen: { ...newSeen(), permissions }, as });
  };
  expect(says("paper", false, false)).toMatchObject({
    verdict: "FAIL",
    fix: expect.stringMatching(/may not view/),
  });
  expect(says("paper", true, false).verdict).toBe("PASS");
  expect(says("live", false, true).fix).toMatch(/money out.*; .*may not trade.*; .*may not view/);
});

test("throttling and allowance pass nothing while no call was answered, or none told what is left", () => {
  const call = (status: number | null) => ({ status }) as HeardCall;
  const throttled = (...statuses: (number | null)[]) =>
    lookAtThrottling({ seen: { ...newSeen(), calls: statuses.map(call) } }).verdict;
  expect(throttled()).toBe("UNKNOWN");
  expect(throttled(null, null)).toBe("UNKNOWN");
  expect(throttled(null, 200)).toBe("PASS");
  expect(throttled(null, 429)).toBe("FAIL");
  const http = { rates: () => ({ signed: null, public: null }) };
  expect(lookAtAllowance({ venue: { http } }).verdict).toBe("UNKNOWN");
});

/** The checks beside a running desk: what is red at once and what only when it stays so, and for how long a key's rights hold. */
import { expect, test } from "vitest";
import type { Permissions } from "../../src/adapters/coinbase/rest/key-permissions.ts";
import { watchGolive } from "../../src/cli/golive-watch.ts";
import type { Config } from "../../src/config/config.ts";
import { deskView } from "../../src/core/engine/view.ts";
import type { DeskView } from "../../src/core/engine/views.ts";
import { fail, ok, type Result } from "../../src/core/kernel/result.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { VenueFault } from "../../src/ports/venue.ts";
import { BTC, POLICY } from "../kit/desk-script.ts";
import { LADDER, onLadder } from "../kit/ladder-desk.ts";
import { manualTime } from "../kit/manual-time.ts";

const GOOD: Permissions = { canView: true, canTrade: true, canTransfer: false, portfolio: "p" };
const DOWN = fail({ kind: "unavailable", detail: "HTTP 503" } as const);
const LOOK_MS = 5000;
const MINUTE = 60_000;

function watching() {
  const desk = onLadder();
  const time = manualTime(instant(desk.now));
  const world: { says: Result<Permissions, VenueFault>; marketMs: number } = {
    ...{ says: ok(GOOD), marketMs: 100 },
  };
  const told: (readonly string[])[] = [];
  const view = (): DeskView => ({
    ...deskView(desk.state, instant(desk.now)),
    feeds: ["market", "user"].map((stream) => ({ stream, ageMs: world.marketMs })) as never,
  });
  const config = { products: [BTC], region: null, dryRun: false, policy: POLICY, ladder: LADDER };
  const stop = watchGolive({
    ...{ config: config as unknown as Config, mode: "shadow", hasKey: true, view },
    ...{ durable: desk.state.desk, routes: [], clock: time.clock, timers: time.timers },
    coinbase: { permissions: async () => world.says },
    checked: (red) => told.push(red),
  });
  const look = async (ms = LOOK_MS): Promise<readonly string[]> => {
    await time.pass(ms);
    return told.at(-1) ?? ["nothing was told"];
  };
  return { world, look, stop, told };
}

test("at the first look everything that is red is red", async () => {
  const { world, look, stop } = watching();
  world.marketMs = 60_000;
  expect(await look(0)).toContain("market data");
  await stop();
});

test("what was green turns red at the second look in a row, and green again at once", async () => {
  const { world, look, stop } = watching();
  expect(await look(0)).not.toContain("market data");
  world.marketMs = 60_000;
  expect(await look()).not.toContain("market data");
  expect(await look()).toContain("market data");
  world.marketMs = 100;
  expect(await look()).not.toContain("market data");
  world.marketMs = 60_000;
  expect(await look(), "one look of it alone is none again").not.toContain("market data");
  await stop();
});

test("a key's rights that were read hold for ten minutes while the venue does not answer, and no longer", async () => {
  const { world, look, stop } = watching();
  expect(await look(0)).not.toContain("API key");
  world.says = DOWN;
  for (let ms = 0; ms < 10 * MINUTE - LOOK_MS; ms += LOOK_MS) {
    expect(await look(), `${ms}`).not.toContain("API key");
  }
  await look();
  await look();
  expect(await look()).toContain("API key");
  world.says = ok(GOOD);
  expect(await look()).not.toContain("API key");
  world.says = ok({ ...GOOD, canTransfer: true });
  await look(5 * MINUTE);
  expect(await look(), "what it says is believed").toContain("API key");
  await stop();
});

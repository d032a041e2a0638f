/** Where orders go: a shadow has a door that opens inwards only, whoever pushes. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { signingKey } from "../../src/adapters/coinbase/keys.ts";
import { systemClock } from "../../src/adapters/system/clock.ts";
import { systemTimers } from "../../src/adapters/system/timers.ts";
import { openVenueDoor } from "../../src/cli/venue-door.ts";
import { newDesk } from "../../src/core/engine/desk.ts";
import { venueOrderId } from "../../src/core/kernel/ids.ts";
import { price, size } from "../../src/core/kernel/money.ts";
import { startExchange } from "../../src/exchange/exchange.ts";
import { memoryLog } from "../adapters/coinbase/world.ts";
import { plan } from "../adapters/paper/paper-rig.ts";
import { load } from "../config/kit.ts";

const doorOf = (variables: Readonly<Record<string, string>>, profile: string) => ({
  config: load(variables, profile).config,
  clock: systemClock,
  timers: systemTimers,
  log: memoryLog(),
  standing: { order: () => null, anything: () => null },
  desk: newDesk(),
  ledgerFile: null,
  throttled: () => undefined,
  disconnected: () => undefined,
});

test("shadow without an API key does not start, and says what it needs", async () => {
  await expect(openVenueDoor({ ...doorOf({}, "shadow"), key: null })).rejects.toThrow(
    /Shadow reads the real account and needs an API key: set COINBASE_KEY_FILE/,
  );
});

test.each(["shadow", "paper"])(
  "in %s no order and no cancel reaches the exchange, even from code that goes around the venue",
  async (profile) => {
    const keyFolder = mkdtempSync(join(tmpdir(), "claudbot-door-"));
    await using exchange = await startExchange({ market: "manual", keyFolder });
    exchange.control.trade("BTC-USD", "100");
    const secret = readFileSync(exchange.privateKeyFile, "utf8");
    const at = {
      COINBASE_API_BASE: exchange.rest,
      COINBASE_WS_URL: exchange.ws,
      COINBASE_WS_USER_URL: exchange.wsUser,
    };
    const options = doorOf(at, profile);
    const door = await openVenueDoor({
      ...options,
      key: signingKey({ name: exchange.keyName, secret }),
    });
    try {
      // The planted fault: the client itself, with a key that may trade.
      const around = door.coinbase.venue;
      if (around === null) throw new Error("there is a key");
      const of = plan("a", { limit: price("101"), size: size("0.1") });
      expect(await around.place(of)).toMatchObject({ kind: "rejected", reason: "not-sent" });
      const rows = await around.cancel([venueOrderId("any")]);
      expect(rows.ok && rows.value.get(venueOrderId("any"))?.taken).toBe(false);
      expect((await around.list(systemClock.now())).ok).toBe(true);
      const { creates, cancels } = exchange.ledger.requests;
      expect({ creates, cancels, orders: exchange.ledger.orders }).toEqual({
        ...{ creates: 0, cancels: 0, orders: [] },
      });
      expect(options.log.lines.some(({ level }) => level === "error")).toBe(true);
      expect(await door.ledger()).toBeNull();
    } finally {
      await door.close();
      rmSync(keyFolder, { recursive: true, force: true });
    }
  },
);

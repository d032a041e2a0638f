/** A program that stands still in the middle of a transaction: whoever took over gets at its rows all the same. */
import { expect, test } from "vitest";
import { connect } from "../../db/connect.ts";
import { openDeliveries } from "../../src/adapters/postgres/deliveries.ts";
import { testDatabase } from "../kit/database.ts";

test("a cursor that a desk held when it was stopped moves again within seconds", async () => {
  const made = await testDatabase();
  const still = connect(made.database.desk, { name: "still" });
  const outbox = openDeliveries(made.database.desk);
  try {
    await outbox.add([], 1);
    let isWoken = false;
    const stopped = still.begin(async (turn) => {
      await turn`select from claudbot.cursors where name = 'courier' for update`;
      await new Promise((resolve) => setTimeout(resolve, 9000));
      isWoken = true;
      await turn`select 1`;
    });
    const fate = expect(stopped).rejects.toThrow();
    await outbox.add([], 2);
    expect([isWoken, await outbox.cursor()]).toEqual([false, 2]);
    await fate;
  } finally {
    await Promise.all([outbox.close(), still.end({ timeout: 1 })]);
    await made.close();
  }
});

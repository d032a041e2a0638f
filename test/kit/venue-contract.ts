/** What every venue behind the port promises, one sentence a rule. Whatever fills an order keeps all of them. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { minus, NO_SIZE, price, quote, size } from "../../src/core/kernel/money.ts";
import { isFinal, mergeProgress } from "../../src/core/order/merge.ts";
import type { Observation, Plan } from "../../src/core/order/state.ts";
import { cancelling, looking, resting } from "./venue-contract-life.ts";
import { proving, trading } from "./venue-contract-trades.ts";
import { owned, type VenueKind, type VenueScene, venueScene } from "./venue-scene.ts";

export function venueContract(kind: VenueKind): void {
  let scene: VenueScene;
  beforeEach(async () => {
    scene = await venueScene(kind);
  });
  afterEach(async () => {
    await scene.close();
    for (const { order } of saidOf(scene)) monotone(scene, order);
    if (kind !== "coinbase") sentNothing(scene);
  });
  describe("placing", () => placing(() => scene));
  describe("resting", () => resting(() => scene));
  describe("cancelling", () => cancelling(() => scene));
  describe("finding and listing", () => looking(() => scene));
  describe("proving", () => proving(() => scene));
  describe("trades", () => trading(() => scene, kind));
  describe("money", () => money(() => scene));
  describe("trouble", () => trouble(() => scene, kind));
}

const saidOf = ({ heard }: VenueScene): readonly Observation[] =>
  heard.flatMap((input) => (input.kind === "order.observed" ? [input.observation] : []));

/** What the stream says of one order only grows, under one id of the venue, and ends at most one way. */
function monotone(scene: VenueScene, order: Plan["id"]): void {
  const said = saidOf(scene).filter((each) => each.order === order);
  expect(new Set(said.map(({ venueId }) => venueId)).size).toBe(1);
  expect(new Set(said.map(({ progress }) => progress).filter(isFinal)).size).toBeLessThan(2);
  said.reduce((before, after) => {
    expect(after.executed.size >= before.executed.size).toBe(true);
    expect(after.executed.value >= before.executed.value).toBe(true);
    expect(after.executed.fees >= before.executed.fees).toBe(true);
    expect(mergeProgress(before.progress, after.progress)).toBe(after.progress);
    return after;
  });
}

/** The exchange's own count: nothing but questions came. */
function sentNothing({ exchange }: VenueScene): void {
  const { creates, cancels, ...routes } = exchange.ledger.requests;
  expect({ creates, cancels }).toEqual({ creates: 0, cancels: 0 });
  expect(Object.keys(routes).filter((route) => !route.startsWith("GET "))).toEqual([]);
  const ours = exchange.ledger.orders.filter((order) => order.clientOrderId.startsWith("testdesk"));
  expect(ours).toEqual([]);
}

function placing(now: () => VenueScene): void {
  test("a marketable order fills at the touch, exactly, with the taker's fee, and the stream says so under our id", async () => {
    const scene = now();
    const of = scene.plan("a");
    const venueId = await scene.placed(of);
    expect(scene.said(of).at(-1)).toMatchObject({ venueId, progress: "filled" });
    expect(scene.said(of).at(-1)?.executed).toEqual({
      size: size("0.02"),
      value: quote("1300"),
      fees: quote("15.6"),
    });
  });

  test("it walks the book level by level, and the worth of each level is in its worth", async () => {
    const scene = now();
    await scene.quote(
      [["64990", "5"]],
      [
        ["65000", "0.01"],
        ["65010", "5"],
      ],
    );
    const of = scene.plan("a", { limit: price("65020") });
    await scene.placed(of);
    expect(scene.said(of).at(-1)).toMatchObject({
      progress: "filled",
      executed: { value: quote("1300.1"), fees: quote("15.6012") },
    });
  });

  test("what its limit does not reach is not filled: an immediate order ends cancelled with what it got", async () => {
    const scene = now();
    await scene.quote(
      [["64990", "5"]],
      [
        ["65000", "0.005"],
        ["65010", "5"],
      ],
    );
    const of = scene.plan("a", { limit: price("65009") });
    await scene.placed(of);
    expect(scene.said(of).at(-1)).toMatchObject({
      progress: "cancelled",
      executed: { size: size("0.005"), value: quote("325"), fees: quote("3.9") },
    });
  });

  test("an immediate order out of reach ends cancelled and empty", async () => {
    const scene = now();
    const of = scene.plan("a", { limit: price("64999") });
    await scene.placed(of);
    expect(scene.said(of).at(-1)).toMatchObject({
      progress: "cancelled",
      executed: { size: NO_SIZE },
    });
  });

  test("a sale fills at the bid and its fee comes off its worth", async () => {
    const scene = now();
    const of = scene.plan("a", { side: "sell", limit: price("64000") });
    const before = await owned(scene, "USD");
    await scene.placed(of);
    expect(scene.said(of).at(-1)?.executed.value).toBe(quote("1299.8"));
    const after = await owned(scene, "USD");
    expect(minus(after.all, before.all)).toBe(quote("1284.2024"));
  });

  test("the same plan placed again, at once or later, is one order with one id", async () => {
    const scene = now();
    const of = scene.plan("a");
    const [first, second] = await scene.time.ended(
      Promise.all([scene.venue.place(of), scene.venue.place(of)]),
    );
    expect(first.kind).toBe("accepted");
    expect(second).toEqual(first);
    await scene.time.pass(1000);
    expect(await scene.time.ended(scene.venue.place(of))).toEqual(first);
    expect((await scene.listed()).orders.filter(({ order }) => order === of.id)).toHaveLength(1);
    expect((await owned(scene, "BTC")).all).toBe(size("1.02"));
  });

  test("an id that was used makes no second order, whatever else stands in the plan", async () => {
    const scene = now();
    const of = scene.plan("a");
    const venueId = await scene.placed(of);
    const other = { ...of, side: "sell", size: size("0.5"), limit: price("60000") } as const;
    const answer = await scene.time.ended(scene.venue.place(other));
    expect(answer).toEqual({ kind: "accepted", venueId });
    await scene.time.pass(1000);
    expect((await owned(scene, "BTC")).all).toBe(size("1.02"));
    expect(await scene.found(of)).toMatchObject({ executed: { size: of.size } });
  });

  test.each<[string, Partial<Plan>, string]>([
    ["costs more than there is", { size: size("0.16") }, "INSUFFICIENT_FUND"],
    ["sells more than there is", { side: "sell", size: size("1.5") }, "INSUFFICIENT_FUND"],
    ["is off the price's steps", { limit: price("65000.001") }, "INVALID_PRICE_PRECISION"],
    ["is off the size's steps", { size: size("0.020000001") }, "INVALID_SIZE_PRECISION"],
    ["is too small", { size: size("0.00000001") }, "PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL"],
  ])("an order that %s is rejected, and there is no order", async (_what, over, reason) => {
    const scene = now();
    const of = scene.plan("a", over);
    expect(await scene.time.ended(scene.venue.place(of))).toMatchObject({
      kind: "rejected",
      reason,
    });
    expect(await scene.found(of)).toBeNull();
    expect(scene.said(of)).toEqual([]);
  });
}

function money(now: () => VenueScene): void {
  test("cash and coins are what they were, less and plus what orders executed, to the last digit", async () => {
    const scene = now();
    const plans = [
      scene.plan("a", { size: size("0.00123457") }),
      scene.plan("b", { side: "sell", limit: price("60000"), size: size("0.3") }),
      scene.plan("c", { timeInForce: "gtc", limit: price("64000"), size: size("0.01") }),
      scene.plan("d", { size: size("0.03333333"), limit: price("65100") }),
    ];
    for (const each of plans) await scene.placed(each);
    scene.exchange.control.trade("BTC-USD", "63000");
    await scene.time.pass(1000);
    let usd: bigint = size("10000");
    let btc: bigint = size("1");
    for (const each of plans) {
      const { executed } = (await scene.found(each)) ?? {};
      if (!executed) throw new Error("an order is gone");
      expect(executed.size).toBe(each.size);
      const sign = each.side === "buy" ? 1n : -1n;
      usd -= sign * executed.value + executed.fees;
      btc += sign * executed.size;
    }
    expect([(await owned(scene, "USD")).all, (await owned(scene, "BTC")).all]).toEqual([usd, btc]);
  });
}

/** What reaches the wire of each kind: a venue that sends nothing cannot be hurt by what is done to sent orders. */
function trouble(now: () => VenueScene, kind: VenueKind): void {
  const sends = kind === "coinbase";
  test.each<[string, (scene: VenueScene) => void, string, boolean]>([
    [
      "is lost on its way",
      (s) => s.exchange.control.dropNextRequest("POST /orders"),
      "unknown",
      false,
    ],
    ["loses its answer", (s) => s.exchange.control.dropNextAnswer("POST /orders"), "unknown", true],
    [
      "is answered by half",
      (s) => s.exchange.control.cutNextAnswer("POST /orders"),
      "unknown",
      true,
    ],
    [
      "meets a server error",
      (s) => s.exchange.control.failNext("POST /orders", "500-json"),
      "unknown",
      false,
    ],
    [
      "meets a page that says 429",
      (s) => s.exchange.control.failNext("POST /orders", "429-html"),
      "unknown",
      false,
    ],
    [
      "is throttled in so many words",
      (s) => s.exchange.control.failNext("POST /orders", "429-json"),
      "rejected",
      false,
    ],
    [
      "is refused",
      (s) => s.exchange.control.refuseNextOrder("GEOFENCING_RESTRICTION"),
      "rejected",
      false,
    ],
  ])(
    "an order that %s has one of the three answers, and a search tells the truth of it",
    async (_what, plant, answer, exists) => {
      const scene = now();
      plant(scene);
      const of = scene.plan("a");
      const said = await scene.time.ended(scene.venue.place(of));
      await scene.time.pass(1000);
      expect(said.kind).toBe(sends ? answer : "accepted");
      expect((await scene.found(of)) !== null).toBe(sends ? exists : true);
      // Sent again under the same name it is one order in the end.
      await scene.time.pass(3000);
      expect((await scene.time.ended(scene.venue.place(of))).kind).toBe("accepted");
      expect((await owned(scene, "BTC")).all).toBe(size("1.02"));
    },
  );

  test("a venue that cannot be read is a fault, never an empty listing", async () => {
    const scene = now();
    await scene.placed(scene.plan("a", { limit: price("64000"), timeInForce: "gtc" }));
    scene.exchange.control.failNext("*", "500-json", 100);
    const listed = await scene.time.ended(scene.venue.list(scene.time.clock.now()));
    expect(listed).toMatchObject({ ok: false, error: { kind: "unavailable" } });
  });
}

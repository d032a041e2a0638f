/** Caps across starts and at their edges: fractions, the greatest value, ceilings and files that moved under an open request. */
import { expect, test } from "vitest";
import { decodeDesk, encodeDesk } from "../../src/core/engine/codec.ts";
import { evolve } from "../../src/core/engine/evolve.ts";
import { waitingViews } from "../../src/core/engine/limit-views.ts";
import { newState } from "../../src/core/engine/state.ts";
import { quote } from "../../src/core/kernel/money.ts";
import type { LimitKey, Policy } from "../../src/core/risk/limits.ts";
import {
  findLimit,
  isRaise,
  limitFrom,
  limitRead,
  limitRows,
  limitText,
  unfit,
  withLimit,
} from "../../src/core/risk/policy.ts";
import { BTC, DeskScript, POLICY, settings } from "../kit/desk-script.ts";

const LOSS = "portfolio.max_daily_loss_usd";
const LEVERAGE = "per_symbol.BTC-USD.max_leverage";
const HOUR = 3_600_000;
const OPENED = {
  kind: "desk.opened",
  mode: "demo",
  name: "desk",
  version: "t",
  run: "r2",
} as const;

const withLoss = (usd: string, policy: Policy = POLICY): Policy =>
  withLimit(policy, LOSS, quote(usd));
const ceiled = (usd: string): Policy => ({ ...POLICY, ceilings: new Map([[LOSS, quote(usd)]]) });

function set(desk: DeskScript, key: LimitKey, value: string, hours?: number): DeskScript {
  const forMs = hours === undefined ? {} : { forMs: hours * HOUR };
  return desk.ask({ verb: "limits set", key, value, ...forMs });
}

/** Says yes to what waits, if anything does. */
function confirm(desk: DeskScript): DeskScript {
  const [open] = [...desk.state.desk.confirmations.values()].slice(-1);
  return open ? desk.ask({ verb: "confirm", code: open.code }) : desk;
}

function textOf(policy: Policy | null, key: LimitKey): string {
  const row = policy && findLimit(policy, key);
  return row ? limitText(row.value) : "gone";
}
const inForce = (desk: DeskScript, key: LimitKey = LOSS): string =>
  textOf(desk.state.desk.policy, key);

/** The same desk after a stop: what was durable, told a policy file. */
function restarted(desk: DeskScript, file: Policy, laterMs = 0): DeskScript {
  const durable = decodeDesk(encodeDesk(desk.state.desk));
  const next = new DeskScript(file, newState(settings(desk.strategy, file), durable));
  next.now = desk.now + laterMs;
  next.messages = desk.messages + 100;
  return next.put(OPENED);
}

test("leverage is a fraction in the chat too, for a time as well, and a start reads it back", () => {
  const desk = set(DeskScript.ready(), LEVERAGE, "0.8");
  expect(inForce(desk, LEVERAGE)).toBe("0.8");
  set(desk, LEVERAGE, "0.5", 1);
  const next = restarted(desk, POLICY, HOUR / 2);
  expect(inForce(next, LEVERAGE)).toBe("0.5");
  expect(inForce(next.tick(HOUR), LEVERAGE)).toBe("0.8");
});

test("a file with a fraction of leverage takes it back after a start under a whole one", () => {
  const half = withLimit(POLICY, LEVERAGE, 1.5);
  const desk = restarted(DeskScript.ready(), half);
  confirm(set(desk, LEVERAGE, "file"));
  expect(inForce(desk, LEVERAGE)).toBe("1.5");
  expect(inForce(restarted(set(desk, LEVERAGE, "1.2", 2), half, 3 * HOUR), LEVERAGE)).toBe("1.5");
});

test.each(["1.5", "1e+21", "-3", "", "some", "1.0000000000000000001", "none"])(
  "%j in a journal never stops a start, whatever the cap",
  (to) => {
    for (const { key, spec } of limitRows(POLICY)) {
      expect(() => limitRead(spec, to), key).not.toThrow();
      const desk = DeskScript.ready();
      const body = {
        kind: "limit.changed",
        key,
        from: to,
        to,
        raise: false,
        by: desk.by(),
      } as const;
      const until = (desk.now + HOUR) as never;
      const seq = desk.state.desk.seq + 1;
      evolve(desk.state.desk, { seq, at: desk.now as never, body: { ...body, until } });
      expect(() => restarted(desk, POLICY, 2 * HOUR).tick(), key).not.toThrow();
    }
  },
);

test("every cap has a greatest value, which chat passes by no number of steps", () => {
  const desk = DeskScript.ready();
  for (let i = 0; i < 40; i += 1) confirm(set(desk, "portfolio.max_orders_per_minute", "+999%"));
  const refused = desk.said("request.answered").at(-1);
  expect(refused?.refused).toBe(true);
  expect(refused?.why).toMatch(/^portfolio.max_orders_per_minute must be at most \d+, or none\.$/);
  for (const row of limitRows(POLICY)) {
    const most = limitFrom(row, String(row.spec.greatest));
    expect(unfit(row, most), row.key).toBeNull();
    const beyond = typeof most === "bigint" ? quote(`${row.spec.greatest}.01`) : Number(most) + 1;
    expect(unfit(row, beyond), row.key).toContain("must be at most");
    expect(limitRead(row.spec, limitText(most)), row.key).toBe(most);
  }
});

test("a value whose text would read back as another is refused", () => {
  const row = limitRows(POLICY).find(({ key }) => key === LEVERAGE);
  expect(row && unfit(row, 0.123456)).toContain("decimals");
  expect(limitText(1e21)).toBe("1000000000000000000000");
});

test("a request that outlives a start whose ceiling is lower is stale, and never passes it", () => {
  const asked = set(DeskScript.ready(ceiled("500")), LOSS, "400");
  const next = confirm(restarted(asked, ceiled("300")));
  expect(next.said("confirmation.closed").at(-1)).toMatchObject({
    outcome: "stale",
    detail: `${LOSS} ceiling: 500 → 300`,
  });
  expect(inForce(next)).toBe("150");
});

test("a request from before ceilings were noted beside it is judged by the ceiling again", () => {
  const asked = set(DeskScript.ready(ceiled("500")), LOSS, "400");
  for (const open of asked.state.desk.confirmations.values()) {
    const { [`${LOSS} ceiling`]: _, ...snapshot } = open.snapshot;
    asked.state.desk.confirmations.set(open.id, { ...open, snapshot });
  }
  const next = confirm(restarted(asked, ceiled("300")));
  expect(next.said("request.answered").at(-1)).toMatchObject({
    refused: true,
    why: expect.stringContaining("its ceiling is 300"),
  });
  expect(inForce(next)).toBe("150");
});

test("what is taken of the file is what was shown, though the file has changed since", () => {
  const types = (...order_types: Policy["allowed"]["order_types"]): Policy => ({
    ...POLICY,
    allowed: { products: [BTC], order_types },
  });
  const shown = types("market_ioc", "limit_gtc", "twap_limit_gtd");
  const start = restarted(DeskScript.ready(types("market_ioc")), shown);
  const asked = set(start, "allowlist.order_types", "file");
  for (const strip of [false, true]) {
    if (strip) {
      for (const open of asked.state.desk.confirmations.values()) {
        const { "allowlist.order_types file": _, ...snapshot } = open.snapshot;
        asked.state.desk.confirmations.set(open.id, { ...open, snapshot });
      }
    }
    const next = confirm(restarted(asked, types("market_ioc", "limit_gtc")));
    expect(next.state.desk.policy?.allowed.order_types).toEqual(["market_ioc"]);
    if (strip) expect(next.said("request.answered").at(-1)).toMatchObject({ refused: true });
    else expect(next.said("confirmation.closed").at(-1)).toMatchObject({ outcome: "stale" });
  }
});

test("a file that cuts one temporary raise down to another leaves both to end in their time", () => {
  const desk = DeskScript.ready();
  confirm(set(desk, LOSS, "180", 5));
  confirm(set(desk, LOSS, "200", 1));
  const next = restarted(desk, withLoss("180"));
  expect(inForce(next)).toBe("180");
  expect(inForce(next.tick(5 * HOUR))).toBe("150");
  expect(next.state.desk.temporary.size).toBe(0);
});

test("so does one that cuts it down to a temporary value within what was approved", () => {
  const desk = set(DeskScript.ready(), LOSS, "100");
  confirm(set(desk, LOSS, "130", 5));
  confirm(set(desk, LOSS, "140", 1));
  const next = restarted(desk, withLoss("130"));
  expect(inForce(next)).toBe("130");
  expect(inForce(next.tick(5 * HOUR))).toBe("100");
});

test("one that cuts it down to what was before, beyond what is approved, leaves it to end there", () => {
  const desk = DeskScript.ready();
  confirm(set(desk, LOSS, "200", 2));
  Object.assign(desk.state.desk, { approved: withLoss("120") });
  const next = restarted(desk, POLICY);
  expect(inForce(next)).toBe("150");
  expect(inForce(next.tick(2 * HOUR))).toBe("120");
});

test("a start never makes a cap looser, at any later moment, than it would have been without it", () => {
  for (const file of ["120", "150", "170", "180", "190", "200", "250"]) {
    for (const steps of [
      [
        ["180", 5],
        ["200", 1],
      ],
      [
        ["100", 5],
        ["80", 1],
      ],
      [
        ["200", 5],
        ["80", 1],
      ],
      [
        ["100", 5],
        ["160", 1],
      ],
    ] as const) {
      const desk = DeskScript.ready();
      for (const [value, hours] of steps) {
        confirm(set(desk, LOSS, value, hours));
      }
      const next = restarted(desk, withLoss(file));
      const spec = findLimit(POLICY, LOSS)?.spec;
      for (let hour = 0; hour <= 6; hour += 1) {
        const [is, was] = [next, desk].map(
          (of) => findLimit(of.state.desk.policy ?? POLICY, LOSS)?.value ?? null,
        );
        expect(spec && isRaise(spec, was ?? null, is ?? null), `${file} ${steps} ${hour}`).toBe(
          false,
        );
        next.tick(HOUR);
        desk.tick(HOUR);
      }
    }
  }
});

test("a temporary lowering is not what waits of a file that agrees with what was approved", () => {
  const desk = set(DeskScript.ready(), LOSS, "100", 4);
  const next = restarted(desk, POLICY);
  expect(next.said("policy.adopted").at(-1)?.kept).toEqual([]);
  expect([inForce(next), waitingViews(next.state)]).toEqual(["100", []]);
  const looser = restarted(desk, withLoss("170"));
  expect(looser.said("policy.adopted").at(-1)?.kept).toEqual([LOSS]);
  expect(waitingViews(looser.state)).toEqual([{ key: LOSS, value: "100", file: "170" }]);
});

test("the end of a temporary raise is told ten minutes before it, once, also across a start; a lowering's is not", () => {
  const raisedFor = confirm(set(DeskScript.ready(), LOSS, "200", 1)).beats(49 * 60_000);
  expect(raisedFor.tick().said("limit.ending")).toEqual([]);
  raisedFor.beats(2 * 60_000).tick();
  expect(raisedFor.said("limit.ending")).toMatchObject([{ key: LOSS, from: "200", to: "150" }]);
  const next = restarted(raisedFor, POLICY).tick();
  expect(next.said("limit.ending")).toEqual([]);
  const lowered = set(DeskScript.ready(), LOSS, "100", 1).beats(55 * 60_000);
  expect(lowered.tick().said("limit.ending")).toEqual([]);
});

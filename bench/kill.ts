/** How long /kill takes from either platform in every state, with Telegram at 429 and the database stopped. */
// npm run bench:kill [-- --rounds 5]: so many rounds for each platform and state. It asserts no time, only that every order
// is cancelled at the exchange: it ends with 1 when one is not.
import { cpus, loadavg } from "node:os";
import setup from "../test/kit/global-setup.ts";
import { useServer } from "../test/kit/test-server.ts";
import { type KillTimes, killRound, PLATFORMS, STATES } from "./kill-round.ts";

const ORDERS = 50;
const ROUNDS = 5;

function roundsOf(args: readonly string[]): number {
  const [flag, value] = args;
  if (flag === undefined) return ROUNDS;
  if (flag !== "--rounds" || !/^[1-9]\d{0,3}$/.test(value ?? "")) {
    throw new Error("the one flag is --rounds, with a whole number");
  }
  return Number(value);
}

/** Of `values` in order, the nearest rank. */
const quantile = (values: readonly number[], share: number): number =>
  values[Math.max(0, Math.ceil(values.length * share) - 1)] ?? Number.NaN;

function line(name: string, times: readonly KillTimes[]): string {
  const by = (of: (one: KillTimes) => number) => times.map(of).sort((a, b) => a - b);
  const first = by(({ firstCancelMs }) => firstCancelMs);
  const all = by(({ allCancelledMs }) => allCancelledMs);
  const ms = (values: readonly number[], share: number): string =>
    quantile(values, share).toFixed(1).padStart(7);
  const cancelled = times.reduce((sum, one) => sum + one.cancelled, 0);
  return [
    name.padEnd(18),
    String(times.length).padStart(6),
    ms(first, 0.5),
    ms(first, 0.99),
    ms(all, 0.5),
    ms(all, 0.99),
    `  ${cancelled} of ${times.length * ORDERS}`,
  ].join(" ");
}

async function run(rounds: number): Promise<boolean> {
  const times: KillTimes[] = [];
  const [busy = 0] = loadavg();
  let broken = 0;
  const finish = await setup({ provide: (_, server) => useServer(server) });
  try {
    for (let nth = 0; nth < rounds; nth += 1) {
      for (const platform of PLATFORMS) {
        for (const state of STATES) {
          try {
            times.push(await killRound({ platform, state, orders: ORDERS }));
          } catch (error) {
            broken += 1;
            console.log(`BROKEN  ${platform} ${state}: ${String(error).split("\n", 1)[0]}`);
          }
        }
      }
    }
  } finally {
    await finish();
  }
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}`;
  console.log(`Node ${process.version}, ${machine}; load when it began ${busy.toFixed(1)}`);
  console.log(
    `${ORDERS} orders rest; Telegram answers 429 to all that is sent; the database hangs.`,
  );
  console.log(
    "From the update's leaving the platform to the first cancel request at the exchange,",
  );
  console.log(
    "and to the last order cancelled by the exchange's ledger; in ms. Goal: 5 and 250.\n",
  );
  console.log("                   rounds first p50    p99  all p50     p99   cancelled");
  for (const platform of PLATFORMS) {
    const here = times.filter((one) => one.platform === platform);
    console.log(line(platform, here));
    for (const state of STATES) {
      console.log(
        line(
          `  ${state}`,
          here.filter((one) => one.state === state),
        ),
      );
    }
  }
  const isWhole = times.every(
    ({ cancelled, stillOpen }) => cancelled === ORDERS && stillOpen === 0,
  );
  return isWhole && broken === 0;
}

process.exitCode = (await run(roundsOf(process.argv.slice(2)))) ? 0 : 1;

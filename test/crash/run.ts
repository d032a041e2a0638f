/** Kills desks, databases and connections around every call, round after round, and counts at the exchange what came of it. */
// npm run crash [-- --rounds 200 --seed 1 --only 17,18 --lanes 2]: a line for each round, at the end one of totals. Ends with 1
// unless nothing was lost, doubled or left open, and, from 100 rounds on, unless every point was reached in one of them at
// least; a round is repeated with --seed and --only.
import setup from "../kit/global-setup.ts";
import { useServer } from "../kit/test-server.ts";
import { draw, titleOf } from "./draw.ts";
import { type Ground, openGround } from "./ground.ts";
import { type Played, play } from "./round.ts";
import { hasReached, isClean, line, MANY, neverReached } from "./totals.ts";

interface Asked {
  readonly seed: string;
  readonly rounds: readonly number[];
  readonly lanes: number;
}

const FLAGS = ["--rounds", "--seed", "--only", "--lanes"] as const;

/** @throws with the flag that makes no sense */
function asked(args: readonly string[]): Asked {
  const given = new Map<string, string>();
  for (let at = 0; at < args.length; at += 2) {
    const [flag = "", value] = args.slice(at, at + 2);
    if (!FLAGS.some((one) => one === flag) || value === undefined) {
      throw new Error(`${flag} is unknown or has no value; there are ${FLAGS.join(", ")}`);
    }
    given.set(flag, value);
  }
  const whole = (flag: (typeof FLAGS)[number], text: string): number => {
    if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`${flag} takes whole numbers, not ${text}`);
    return Number(text);
  };
  const only = given.get("--only");
  const count = whole("--rounds", given.get("--rounds") ?? "200");
  return {
    seed: given.get("--seed") ?? String(Date.now()),
    lanes: whole("--lanes", given.get("--lanes") ?? "2"),
    rounds:
      only === undefined
        ? Array.from({ length: count }, (_, index) => index + 1)
        : only.split(",").map((text) => whole("--only", text)),
  };
}

async function run({ seed, rounds, lanes }: Asked): Promise<boolean> {
  const waiting = [...rounds];
  const played: Played[] = [];
  const broken: number[] = [];
  const stop = (): void => void waiting.splice(0);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  const lane = async (): Promise<void> => {
    const opened: Promise<Ground>[] = [];
    const grounds = (): Promise<Ground> => {
      const [ground = openGround()] = opened;
      opened[0] = ground;
      return ground;
    };
    for (let nth = waiting.shift(); nth !== undefined; nth = waiting.shift()) {
      const round = draw(seed, nth);
      try {
        const one = await play(round, grounds);
        played.push(one);
        console.log(told(one));
      } catch (error) {
        broken.push(nth);
        console.log(`BROKEN  ${nth}  ${titleOf(round)}: ${String(error)}`);
      }
    }
    for (const ground of opened) await (await ground)[Symbol.asyncDispose]();
  };
  const finish = await setup({ provide: (_, server) => useServer(server) });
  try {
    await Promise.all(Array.from({ length: lanes }, lane));
  } finally {
    await finish();
  }
  const totals = { played, broken };
  const wrong = [...broken, ...played.filter(isWrong).map(({ round }) => round.nth)];
  if (wrong.length > 0) {
    console.log(`again: npm run crash -- --seed ${seed} --only ${wrong.join(",")}`);
  }
  const missed = neverReached(totals);
  if (missed.length > 0) {
    const judged = rounds.length >= MANY ? "WRONG " : "short ";
    console.log(`${judged}  never reached: ${missed.join(", ")}`);
  }
  console.log(`seed ${seed} · ${line(totals)}`);
  return isClean(totals);
}

const isWrong = ({ findings }: Played): boolean => findings.length > 0;

function told(one: Played): string {
  const { round, seconds, findings } = one;
  const missed = hasReached(one) ? "" : " (not reached)";
  const head = `${isWrong(one) ? "WRONG " : "ok    "}  ${round.nth}  ${seconds.toFixed(1)} s  ${titleOf(round)}${missed}`;
  return [head, ...findings.map(({ fault, what }) => `        ${fault}: ${what}`)].join("\n");
}

try {
  process.exitCode = (await run(asked(process.argv.slice(2)))) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}

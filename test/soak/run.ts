/** The gate against an adversary, before an exchange that accepts everything and asserts every cap by its own books. */
// npm run soak:gate [-- --decisions 100000 --seed 1]: ends with 1 on a violation, or when a rule never said no.
import { isClean, report, soak } from "./soak.ts";

const FLAGS = ["--decisions", "--seed"] as const;

/** @throws with the flag that makes no sense */
function asked(args: readonly string[]): { readonly decisions: number; readonly seed: string } {
  const given = new Map<string, string>();
  for (let at = 0; at < args.length; at += 2) {
    const [flag = "", value] = args.slice(at, at + 2);
    if (!FLAGS.some((one) => one === flag) || value === undefined) {
      throw new Error(`${flag} is unknown or has no value; there are ${FLAGS.join(", ")}`);
    }
    given.set(flag, value);
  }
  const many = given.get("--decisions") ?? "100000";
  if (!/^[1-9]\d{0,7}$/.test(many))
    throw new Error(`--decisions takes a whole number, not ${many}`);
  return { decisions: Number(many), seed: given.get("--seed") ?? "1" };
}

const { decisions, seed } = asked(process.argv.slice(2));
const began = performance.now();
const total = await soak({ seed, decisions, each: 600, provoked: 12 }, (nth, told) => {
  if (nth % 25 === 0) console.log(`episode ${nth}: ${told.taken} taken, ${told.count} violations`);
});
for (const line of report(total)) console.log(line);
console.log(`${((performance.now() - began) / 1000).toFixed(1)} s`);
process.exitCode = isClean(total) ? 0 : 1;

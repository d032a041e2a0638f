/** The verb `buy`: one buy of a given worth, and what the venue would make of it before anything is placed. */
// It reads the words; the buy itself is a desk's.
import { loadConfig } from "../config/load.ts";
import { type Quote, quote } from "../core/kernel/money.ts";
import { previewBuy } from "./buy-preview.ts";
import { allowed, runBuy } from "./buy-run.ts";
import { productOf } from "./fills.ts";
import { UsageError } from "./flags.ts";
import { flagsOf, looking, noWords, SHELL, type Shell, told } from "./look.ts";
import { stopSignal } from "./stop-signal.ts";

const FLAGS = {
  profile: { type: "string" },
  product: { type: "string" },
  quote: { type: "string" },
  yes: { type: "boolean" },
  preview: { type: "boolean" },
  market: { type: "boolean" },
} as const;

export const buy = (args: readonly string[], shell = SHELL): Promise<number> =>
  told("buy", shell, () => asked(args, shell), "acts");

async function asked(args: readonly string[], shell: Shell): Promise<number> {
  const { values, positionals } = flagsOf(args, FLAGS);
  noWords(positionals, "say it as --product BTC-USD --quote 25");
  if (values.product === undefined || values.quote === undefined) {
    throw new UsageError("say what and for how much: --product BTC-USD --quote 25");
  }
  const wish = { product: productOf(values.product, "--product"), worth: amountOf(values.quote) };
  const atMarket = values.market ?? false;
  if (values.preview) {
    return looking(shell, values.profile, (look) => {
      allowed({ ...look.loaded, ...wish });
      return previewBuy(look, wish, atMarket);
    });
  }
  const loaded = loadConfig(shell.env(), { profile: values.profile ?? null });
  const { stdin: input, stdout: output } = process;
  return runBuy({
    ...loaded,
    ...wish,
    atMarket,
    yes: values.yes ?? false,
    input,
    output,
    until: stopSignal(),
  });
}

/** @throws UsageError */
function amountOf(text: string): Quote {
  if (!/^\d{1,12}(\.\d{1,8})?$/.test(text) || quote(text) === 0n) {
    throw new UsageError(`--quote cannot be "${text}"; give an amount such as 25 or 25.50`);
  }
  return quote(text);
}

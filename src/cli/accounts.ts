/** The verb `accounts`: what the portfolio of the key holds, as JSON. */
import { accounts as readAccounts } from "../adapters/coinbase/rest/accounts.ts";
import { keyPermissions } from "../adapters/coinbase/rest/key-permissions.ts";
import { portfolioBreakdown } from "../adapters/coinbase/rest/portfolio-breakdown.ts";
import {
  flagsOf,
  type Look,
  looking,
  needsKey,
  noWords,
  orRefuse,
  SHELL,
  told,
  VenueError,
} from "./look.ts";

const FLAGS = {
  profile: { type: "string" },
  all: { type: "boolean" },
  worth: { type: "boolean" },
} as const;

/** Wallets with nothing in them are left out without --all. With --worth, what the venue says it is all worth. */
export const accounts = (args: readonly string[], shell = SHELL): Promise<number> =>
  told("accounts", shell, async () => {
    const { values, positionals } = flagsOf(args, FLAGS);
    noWords(positionals, "accounts takes flags only");
    return looking(shell, values.profile, async (look) => {
      needsKey(look);
      const { rows, odd } = orRefuse(await readAccounts(look.calls.http), "the accounts");
      const shown = rows
        .map(({ currency, available, hold }) => ({
          currency,
          available: available ?? "0",
          hold: hold ?? "0",
        }))
        .filter((row) => values.all || !isNothing(row.available) || !isNothing(row.hold));
      const worth = values.worth ? { portfolio: await worthOf(look) } : {};
      look.say(
        `${JSON.stringify({ accounts: shown, unreadable: odd.length, ...worth }, null, 2)}\n`,
      );
      return 0;
    });
  });

const isNothing = (amount: string): boolean => /^-?0*(\.0*)?$/.test(amount);

/** The venue's own sums; its positions are about right, not exact. */
async function worthOf({ calls: { http } }: Look) {
  const { portfolio } = orRefuse(await keyPermissions(http), "the key's rights");
  if (portfolio === null)
    throw new VenueError("the venue does not say which portfolio the key has");
  const { name, total, cash, crypto, positions } = orRefuse(
    await portfolioBreakdown(http, portfolio),
    "the portfolio",
  );
  return { id: portfolio, name, total, cash, crypto, positions };
}

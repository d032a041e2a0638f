/** Looks at the limits: whether the venue throttles us, what it says is left, and whether its pages follow each other. */
// coinbase.md §3 (pages), §8.2.
import { z } from "zod";
import type { Http } from "../../adapters/coinbase/call.ts";
import { explain } from "./explain.ts";
import { type Finding, fails, NO_VENUE, pass, unknown } from "./finding.ts";
import { circumstances, type Ward } from "./ward.ts";

const TOO_MANY = 429;
/** Less than this share left is a warning that the next calls will be refused. */
const SCARCE = 0.1;
const PAGE = "2";

const AccountsPage = z.object({
  accounts: z.array(z.object({ uuid: z.string() })),
  has_next: z.boolean(),
  cursor: z.string().nullish(),
});

export function lookAtThrottling({ seen }: Pick<Ward, "seen">): Finding {
  const answered = seen.calls.filter(({ status }) => status !== null);
  const refused = answered.filter(({ status }) => status === TOO_MANY).length;
  if (answered.length === 0) return unknown("no call was answered");
  if (refused === 0) return pass(`none of ${answered.length} calls was refused with 429`);
  return fails(
    `${refused} of ${answered.length} calls were refused with 429`,
    "Stop other programs that use this key or address; poll less and listen to the sockets; wait a minute",
  );
}

export function lookAtAllowance({
  venue,
}: {
  readonly venue: { readonly http: Pick<Http, "rates"> } | null;
}): Finding {
  if (venue === null) return NO_VENUE;
  const { signed, public: open } = venue.http.rates();
  const rows = [signed && { ...signed, of: "signed" }, open && { ...open, of: "public" }].filter(
    (row) => row !== null,
  );
  if (rows.length === 0) {
    return unknown("the venue told no allowance, which it need not: what is left is not known");
  }
  const says = rows
    .map(({ of, remaining, limit }) => `${of} ${remaining} of ${limit} left`)
    .join(", ");
  const scarce = rows.some(({ remaining, limit }) => remaining < limit * SCARCE);
  return scarce
    ? fails(
        `the allowance is nearly used up: ${says}`,
        "Something else calls with this key or address: find it, or give the desk a key of its own",
      )
    : pass(says);
}

/** Two small pages of the accounts: the second must go on where the first ended. */
export async function lookAtPages(ward: Ward): Promise<Finding> {
  const { venue } = ward;
  if (venue === null) return NO_VENUE;
  const page = (cursor: string | null) =>
    venue.http.call({
      method: "GET",
      path: "/accounts",
      query: [["limit", PAGE], ...(cursor === null ? [] : [["cursor", cursor] as const])],
      schema: AccountsPage,
      access: "signed",
      pace: "read",
      repeat: "safe",
    });
  const first = await page(null);
  if (!first.ok) return explain(first.error, circumstances(ward, venue));
  if (!first.value.has_next) return pass("all accounts are on one page");
  const second = await page(first.value.cursor ?? null);
  if (!second.ok) return explain(second.error, circumstances(ward, venue));
  const before = new Set(first.value.accounts.map(({ uuid }) => uuid));
  const again = second.value.accounts.filter(({ uuid }) => before.has(uuid));
  return again.length === 0
    ? pass("the second page of accounts goes on where the first ended")
    : fails(
        "the second page of accounts repeats the first",
        "Write the bundle (--bundle) and report it to venue support; a desk stops at a repeated cursor",
      );
}

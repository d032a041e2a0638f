/** GET /accounts: every wallet of the key's portfolio, all pages. */
// coinbase.md §5.1. A row exists for every asset ever touched, zeros included.
import { z } from "zod";
import { ok, type Result } from "../../../core/kernel/result.ts";
import type { Http } from "../call.ts";
import type { Fault } from "../fault.ts";
import { amount, fieldOf, type OddRow, row, rows, text, told, toldFlag } from "./fields.ts";
import { allPages, type Page } from "./paged.ts";

export interface AccountWire {
  readonly currency: string;
  /** In `currency`. Excludes `hold`: it can be spent. */
  readonly available: string;
  /** In `currency`: bound by resting orders. */
  readonly hold: string;
}

const LARGEST_PAGE = "250";
const Row = z.object({
  currency: z.string(),
  available_balance: z.object({ value: amount }),
  hold: z.object({ value: amount }),
  deleted_at: text,
  /** Must be there: a vault or a futures wallet is no cash. */
  type: told,
  platform: text,
});
const Reply = z.object({ accounts: rows(row(Row)), has_next: toldFlag, cursor: text });

/** Only wallets a spot order can use: no vaults, no deleted ones, none of the futures platforms. */
const isSpot = (wallet: z.output<typeof Row>): boolean =>
  wallet.deleted_at === null &&
  wallet.type !== "ACCOUNT_TYPE_VAULT" &&
  wallet.type !== "ACCOUNT_TYPE_PERP_FUTURES" &&
  !/_(CFM_CONSUMER|INTX)$/.test(wallet.platform ?? "");

export interface Accounts {
  readonly rows: readonly AccountWire[];
  /** Rows of another shape; `currency` is null when even that could not be had. */
  readonly odd: readonly { readonly currency: string | null; readonly why: string }[];
}

export async function accounts(http: Http): Promise<Result<Accounts, Fault>> {
  type AnyRow = Result<z.output<typeof Row>, OddRow>;
  const all = await allPages(async (cursor): Promise<Result<Page<AnyRow>, Fault>> => {
    const reply = await http.call({
      method: "GET",
      path: "/accounts",
      query: [["limit", LARGEST_PAGE], ...(cursor === null ? [] : [["cursor", cursor] as const])],
      schema: Reply,
      access: "signed",
      pace: "read",
      repeat: "safe",
    });
    if (!reply.ok) return reply;
    const { accounts: wallets, has_next: hasNext, cursor: next } = reply.value;
    return ok({ rows: wallets, hasNext, cursor: next });
  });
  if (!all.ok) return all;
  const read = all.value.flatMap((one) => (one.ok ? [one.value] : []));
  return ok({
    rows: read.filter(isSpot).map((one) => ({
      currency: one.currency,
      available: one.available_balance.value,
      hold: one.hold.value,
    })),
    odd: all.value.flatMap((one) =>
      one.ok ? [] : [{ currency: fieldOf(one.error, "currency"), why: one.error.why }],
    ),
  });
}

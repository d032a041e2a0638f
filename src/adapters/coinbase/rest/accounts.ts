/** GET /accounts: every wallet of the key's portfolio, all pages. */
// coinbase.md §5.1. A row exists for every asset ever touched, zeros included.
import { z } from "zod";
import { ok, type Result } from "../../../core/kernel/result.ts";
import type { Fault, Http } from "../http.ts";
import { fieldOf, flag, list, type OddRow, row, text } from "./fields.ts";
import { allPages, type Page } from "./paged.ts";

export interface AccountWire {
  readonly currency: string;
  /** Excludes `hold`. Null means none. */
  readonly available: string | null;
  readonly hold: string | null;
}

const LARGEST_PAGE = "250";
const amount = z.object({ value: text }).nullish();
const Row = z.object({
  currency: z.string(),
  available_balance: amount,
  hold: amount,
  deleted_at: text,
  type: text,
  platform: text,
});
const Reply = z.object({ accounts: list(row(Row)), has_next: flag, cursor: text });

/** Only wallets a spot order can use: no vaults, no deleted ones, none of the futures platforms. */
const isSpot = (row: z.output<typeof Row>): boolean =>
  row.deleted_at === null &&
  row.type !== "ACCOUNT_TYPE_VAULT" &&
  row.type !== "ACCOUNT_TYPE_PERP_FUTURES" &&
  !/_(CFM_CONSUMER|INTX)$/.test(row.platform ?? "");

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
    });
    if (!reply.ok) return reply;
    const { accounts: rows, has_next: hasNext, cursor: next } = reply.value;
    return ok({ rows, hasNext, cursor: next });
  });
  if (!all.ok) return all;
  const rows = all.value.flatMap((one) => (one.ok ? [one.value] : []));
  return ok({
    rows: rows.filter(isSpot).map((one) => ({
      currency: one.currency,
      available: one.available_balance?.value ?? null,
      hold: one.hold?.value ?? null,
    })),
    odd: all.value.flatMap((one) =>
      one.ok ? [] : [{ currency: fieldOf(one.error, "currency"), why: one.error.why }],
    ),
  });
}

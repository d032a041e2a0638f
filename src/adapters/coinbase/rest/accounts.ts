/** GET /accounts: every wallet of the key's portfolio, all pages. */
// coinbase.md §5.1. A row exists for every asset ever touched, zeros included.
import { z } from "zod";
import { ok, type Result } from "../../../core/kernel/result.ts";
import type { Fault, Http } from "../http.ts";
import { flag, list, text } from "./fields.ts";
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
const Reply = z.object({ accounts: list(Row), has_next: flag, cursor: text });

/** Only wallets a spot order can use: no vaults, no deleted ones, none of the futures platforms. */
const isSpot = (row: z.output<typeof Row>): boolean =>
  row.deleted_at === null &&
  row.type !== "ACCOUNT_TYPE_VAULT" &&
  row.type !== "ACCOUNT_TYPE_PERP_FUTURES" &&
  !/_(CFM_CONSUMER|INTX)$/.test(row.platform ?? "");

export function accounts(http: Http): Promise<Result<readonly AccountWire[], Fault>> {
  return allPages(async (cursor): Promise<Result<Page<AccountWire>, Fault>> => {
    const reply = await http.call({
      method: "GET",
      path: "/accounts",
      query: [["limit", LARGEST_PAGE], ...(cursor === null ? [] : [["cursor", cursor] as const])],
      schema: Reply,
      access: "signed",
      pace: "read",
    });
    if (!reply.ok) return reply;
    return ok({
      rows: reply.value.accounts.filter(isSpot).map((row) => ({
        currency: row.currency,
        available: row.available_balance?.value ?? null,
        hold: row.hold?.value ?? null,
      })),
      hasNext: reply.value.has_next,
      cursor: reply.value.cursor,
    });
  });
}

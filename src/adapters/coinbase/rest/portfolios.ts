/** GET /portfolios: name and kind of each portfolio that the key can see. */
// coinbase.md §5.10. A key acts on one of them only: the one that key-permissions.ts names.
import { z } from "zod";
import { ok, type Result } from "../../../core/kernel/result.ts";
import type { Http } from "../call.ts";
import type { Fault } from "../fault.ts";
import { flag, rows, text } from "./fields.ts";

export interface PortfolioWire {
  readonly id: string;
  readonly name: string;
  /** `DEFAULT`, `CONSUMER`, `INTX`, or another word; null when not told. */
  readonly type: string | null;
}

const Row = z.object({ uuid: z.string().min(1), name: text, type: text, deleted: flag });
const Reply = z.object({ portfolios: rows(Row) });

/** Deleted ones are left out. The list has no pages. */
export async function portfolios(http: Http): Promise<Result<readonly PortfolioWire[], Fault>> {
  const reply = await http.call({
    method: "GET",
    path: "/portfolios",
    schema: Reply,
    access: "signed",
    pace: "read",
    repeat: "safe",
  });
  if (!reply.ok) return reply;
  const alive = reply.value.portfolios.filter(({ deleted }) => !deleted);
  return ok(alive.map(({ uuid, name, type }) => ({ id: uuid, name: name ?? "", type })));
}

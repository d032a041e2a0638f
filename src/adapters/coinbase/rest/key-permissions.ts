/** GET /key_permissions: what our key may do, and in which portfolio. */
// coinbase.md §5.9.
import { z } from "zod";
import type { Result } from "../../../core/kernel/result.ts";
import type { Fault, Http } from "../http.ts";
import { flag, text } from "./fields.ts";

export interface Permissions {
  readonly canView: boolean;
  readonly canTrade: boolean;
  /** A trading bot must not hold this. */
  readonly canTransfer: boolean;
  readonly portfolio: string | null;
}

const Wire = z
  .object({ can_view: flag, can_trade: flag, can_transfer: flag, portfolio_uuid: text })
  .transform(
    (wire): Permissions => ({
      canView: wire.can_view,
      canTrade: wire.can_trade,
      canTransfer: wire.can_transfer,
      portfolio: wire.portfolio_uuid,
    }),
  );

export function keyPermissions(http: Http): Promise<Result<Permissions, Fault>> {
  return http.call({
    method: "GET",
    path: "/key_permissions",
    schema: Wire,
    access: "signed",
    pace: "read",
  });
}

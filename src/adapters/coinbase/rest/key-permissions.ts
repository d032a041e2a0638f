/** GET /key_permissions: what our key may do, and in which portfolio. */
// coinbase.md §5.9. A right that is not spoken of is a fault: it must not read as one that the key lacks.
import { z } from "zod";
import type { Result } from "../../../core/kernel/result.ts";
import type { Http } from "../call.ts";
import type { Fault } from "../fault.ts";
import { text, toldFlag } from "./fields.ts";

export interface Permissions {
  readonly canView: boolean;
  readonly canTrade: boolean;
  /** A trading bot must not hold this. */
  readonly canTransfer: boolean;
  readonly portfolio: string | null;
}

const Wire = z
  .object({ can_view: toldFlag, can_trade: toldFlag, can_transfer: toldFlag, portfolio_uuid: text })
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
    repeat: "safe",
  });
}

/** The name of an order, derived from the decision: the same intent gives the same id, so the venue itself refuses a double. */
import { type IntentId, type OrderId, orderId } from "../kernel/ids.ts";
import { sha1 } from "../kernel/sha1.ts";

/** Our namespace for name-based UUIDs. */
const SPACE = [
  0x6f, 0x1e, 0x2d, 0x3c, 0x4b, 0x5a, 0x49, 0x78, 0x87, 0x96, 0xa5, 0xb4, 0xc3, 0xd2, 0xe1, 0xf0,
];

/**
 * `<deploy>-<uuid v5 of the intent and the leg>`.
 * @param deploy 8 characters that tell our orders from a stranger's
 */
export function clientOrderId(deploy: string, intent: IntentId, leg: number): OrderId {
  const name = `${intent}#${leg}`;
  const bytes = sha1(
    Uint8Array.from([...SPACE, ...[...name].map((char) => char.charCodeAt(0) & 0xff)]),
  );
  const uuid = [...bytes.slice(0, 16)].map((byte, i) => {
    if (i === 6) return (byte & 0x0f) | 0x50;
    return i === 8 ? (byte & 0x3f) | 0x80 : byte;
  });
  const hex = uuid.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return orderId(
    `${deploy}-${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`,
  );
}

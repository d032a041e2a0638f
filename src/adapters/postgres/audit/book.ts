/** The audit as it is read: by people, for the heads that messages carry, and for what people were shown. It writes nothing. */
import { and, desc, eq, inArray } from "drizzle-orm";
import { type ConnectionSpec, orm } from "../../../../db/connect.ts";
import { deliveries } from "../../../../db/schema.ts";
import { keysOf } from "../../../chat/alert-memory.ts";
import type { Card } from "../../../chat/card.ts";
import { roomId } from "../../../core/kernel/ids.ts";
import type { AuditBook, ShownCard } from "../../../ports/audit.ts";
import { openSession } from "../session.ts";
import { newest, type Reader } from "./rows.ts";
import { storyOf } from "./story.ts";
import { verifyChain } from "./verify.ts";

export interface PostgresAuditBook extends AuditBook {
  close(): Promise<void>;
}

const TIMEOUT_MS = 10_000;

/** Each call rejects with the driver's error, or when it takes longer than told; 10 s unless told. */
export function openAuditBook(
  connection: ConnectionSpec,
  timeoutMs: number = TIMEOUT_MS,
): PostgresAuditBook {
  const session = openSession(connection, { name: "audit", timeoutMs });
  const looking = <T>(look: (turn: Reader) => Promise<T>): Promise<T> =>
    session.run((client) =>
      orm(client).transaction(look, {
        isolationLevel: "repeatable read",
        accessMode: "read only",
      }),
    );
  return {
    last: (count, before) => looking((turn) => newest(turn, count, before)),
    about: (eventSeq) => looking((turn) => storyOf(turn, eventSeq)),
    verify: (anchor) => looking((turn) => verifyChain(turn, anchor)),
    auditHead: () => looking(async (turn) => (await newest(turn, 1))[0] ?? null),
    shown: (confirmations) =>
      looking(async (turn) => {
        const known = new Map(confirmations.flatMap((id) => keysOf(id).map((key) => [key, id])));
        if (known.size === 0) return [];
        const rows = await turn
          .select({ room: deliveries.room, key: deliveries.key, card: deliveries.card })
          .from(deliveries)
          .where(and(inArray(deliveries.key, [...known.keys()]), eq(deliveries.state, "delivered")))
          .orderBy(desc(deliveries.id));
        const shown = new Map<string, ShownCard>();
        for (const { room, key, card } of rows) {
          const confirmation = known.get(key ?? "");
          const name = `${room} ${confirmation}`;
          if (confirmation === undefined || shown.has(name)) continue;
          shown.set(name, { room: roomId(room), confirmation, card: card as Card });
        }
        return [...shown.values()];
      }),
    close: session.close,
  };
}

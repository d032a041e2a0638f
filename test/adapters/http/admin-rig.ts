/** The admin pages on a port, in front of an engine that says what the test wants. */
import { request } from "node:http";
import { adminPages } from "../../../src/adapters/http/admin.ts";
import { type AdminDesk, adminDesk } from "../../../src/adapters/http/admin-desk.ts";
import { type HttpServer, serveHttp } from "../../../src/adapters/http/server.ts";
import type { Confirmation, Request } from "../../../src/core/control/request.ts";
import type { Requester, Scope } from "../../../src/core/control/trading.ts";
import type { Event, EventBody } from "../../../src/core/engine/event.ts";
import type { Notice } from "../../../src/core/engine/input.ts";
import type { DeskView } from "../../../src/core/engine/views.ts";
import { personId, roomId } from "../../../src/core/kernel/ids.ts";
import { type Instant, instant } from "../../../src/core/kernel/time.ts";
import type { Engine } from "../../../src/ports/engine.ts";
import type { Query } from "../../../src/ports/query.ts";
import { manualTime } from "../../kit/manual-time.ts";
import { quietLog } from "../../kit/quiet-log.ts";

export const TOKEN = "canary-admin-token-0123456789-abcdefgh";

const VIEW = {
  ...{ at: 0, trading: "killed", paused: null, halted: null, killed: null, reconciled: true },
  ...{
    orders: [
      { size: 0n, filled: 0n },
      { size: 0n, filled: 0n },
    ],
    positions: [],
    breakers: [],
    pending: [],
  },
};

interface Rig {
  readonly server: HttpServer;
  readonly desk: AdminDesk;
  readonly asked: { request: Request; by: Requester }[];
  readonly notices: Notice[];
  /** What the desk shows, and what holds for the person who asks. */
  readonly on: {
    pending: readonly Confirmation[];
    pauses: readonly { scope: Scope }[];
    equity: bigint;
    lockedUntil: Instant | null;
  };
  readonly time: ReturnType<typeof manualTime>;
  /** What the engine decides next, and the number it gives. */
  says(answer: (by: Requester) => readonly EventBody[], seq?: number | null): void;
}

const open: HttpServer[] = [];

export async function closeRigs(): Promise<void> {
  await Promise.all(open.splice(0).map((server) => server.close()));
}

export async function rig({ may = true, runs = true } = {}): Promise<Rig> {
  const time = manualTime(instant(1_000_000));
  const asked: Rig["asked"] = [];
  const notices: Notice[] = [];
  const on: Rig["on"] = { pending: [], pauses: [], equity: 0n, lockedUntil: null };
  let hex = 0;
  const desk = adminDesk(
    { person: personId("ana"), name: "Ana (HTTP)", room: roomId("http:admin"), may: () => may },
    {
      hex: () => {
        hex += 1;
        return String(hex).padStart(4, "0");
      },
    },
  );
  let next: { answer: (by: Requester) => readonly EventBody[]; seq: number | null } = {
    answer: () => [],
    seq: 1,
  };
  if (runs) {
    const running: Engine & Query = {
      async submit(asking, by) {
        asked.push({ request: asking, by });
        const events = next.answer(by).map((body): Event => ({ seq: 1, at: instant(1), body }));
        desk.hear(events);
        return next.seq;
      },
      view: () => {
        const { pending, pauses, equity } = on;
        return { ...VIEW, pending, pauses, glance: { equity } } as unknown as DeskView;
      },
    };
    desk.open(running, () => on.lockedUntil);
  }
  const { clock } = time;
  const pages = adminPages({
    token: TOKEN,
    desk,
    clock,
    notices: { note: (one) => notices.push(one) },
  });
  const served = await serveHttp({
    ...{ host: "127.0.0.1", port: 0, admin: pages, log: quietLog() },
    health: () => ({ ok: true }),
    metrics: () => Promise.resolve(""),
  });
  if (!served.ok) throw new Error(served.error.message);
  open.push(served.value);
  return {
    ...{ server: served.value, desk, asked, notices, on, time },
    says: (answer, seq = 7) => {
      next = { answer, seq };
    },
  };
}

interface Reply {
  readonly status: number;
  readonly json: Record<string, unknown>;
  readonly headers: Record<string, unknown>;
}

const JSON_TYPE = { "content-type": "application/json" };
export const GOOD = { authorization: `Bearer ${TOKEN}`, ...JSON_TYPE };

export const ask = (
  { server: { port } }: Rig,
  path: string,
  body = "{}",
  headers: Readonly<Record<string, string>> = GOOD,
  method = "POST",
): Promise<Reply> =>
  new Promise((done, failed) => {
    const asking = request({ host: "127.0.0.1", port, path, method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.on("end", () =>
        done({
          status: response.statusCode ?? 0,
          json: text.startsWith("{") ? (JSON.parse(text) as Record<string, unknown>) : {},
          headers: response.headers,
        }),
      );
    });
    asking.on("error", failed);
    asking.end(body);
  });

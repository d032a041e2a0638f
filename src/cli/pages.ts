/** The pages for machines, health, metrics and admin: opened before all else, so that a taken port is told before anything starts. */
import { createMetrics } from "../adapters/http/metrics.ts";
import { serveHttp } from "../adapters/http/server.ts";
import type { Config } from "../config/config.ts";
import type { Event } from "../core/engine/event.ts";
import type { DeskView } from "../core/engine/views.ts";
import type { Deliveries } from "../ports/deliveries.ts";
import type { Log } from "../ports/log.ts";
import type { AdminDoor } from "./admin-door.ts";
import { StartError } from "./start-error.ts";
import { VERSION } from "./version.ts";

export interface Pages {
  readonly url: string;
  hear(event: Event): void;
  throttled(endpoint: string): void;
  disconnected(endpoint: string): void;
  /** It is well and waits for its turn; null: it is starting. */
  standby(note: string | null): void;
  /** From now on the desk runs and can be looked at. */
  show(view: () => DeskView): void;
  counting(counts: Deliveries["counts"]): void;
  close(): Promise<void>;
}

/** @throws StartError when the port cannot be had */
export async function openPages(
  { http, profile }: Config,
  log: Log,
  admin: AdminDoor,
): Promise<Pages> {
  let view: (() => DeskView) | null = null;
  let waits: string | null = null;
  let counts: Deliveries["counts"] | null = null;
  const metrics = createMetrics({
    mode: profile,
    version: VERSION,
    view: () => need(view)(),
    deliveries: () => need(counts)(),
  });
  const opened = await serveHttp({
    ...http,
    log,
    admin: admin.pages,
    health: () => {
      if (waits !== null) return { ok: true, note: waits };
      if (!view) return { ok: false, reason: "starting" };
      if (view().reconciled) return { ok: true };
      return { ok: false, reason: "the venue's account of us is not merged yet" };
    },
    metrics: () => metrics.page(),
  });
  if (!opened.ok) throw new StartError(opened.error.message);
  return {
    url: opened.value.url,
    hear: metrics.hear,
    throttled: (endpoint) => metrics.throttled(endpoint),
    disconnected: (endpoint) => metrics.disconnected(endpoint),
    standby: (note) => {
      waits = note;
      admin.desk.standby(note);
    },
    show: (shown) => {
      view = shown;
    },
    counting: (counted) => {
      counts = counted;
    },
    close: () => opened.value.close(),
  };
}

/** A gauge whose source is not there yet is left out of the page. */
function need<T>(source: T | null): T {
  if (source === null) throw new Error("the desk is still starting");
  return source;
}

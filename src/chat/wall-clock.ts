/** Times as the operator's wall clock shows them, with the zone's name. It turns a moment into text; it has no "now". */
import type { Instant } from "../core/kernel/time.ts";

export interface WallClock {
  /** `14:07:05` */
  readonly seconds: (at: Instant) => string;
  /** `14:07` */
  readonly minutes: (at: Instant) => string;
  /** `Nov 18` */
  readonly day: (at: Instant) => string;
  /** `EDT`, as it is at that moment. */
  readonly zone: (at: Instant) => string;
}

/** @throws RangeError when `timeZone` is not an IANA zone. */
export function wallClock(timeZone: string): WallClock {
  const base = { timeZone, hourCycle: "h23", hour: "2-digit", minute: "2-digit" } as const;
  const minutes = new Intl.DateTimeFormat("en-GB", base);
  const seconds = new Intl.DateTimeFormat("en-GB", { ...base, second: "2-digit" });
  const day = new Intl.DateTimeFormat("en-US", { timeZone, month: "short", day: "numeric" });
  const american = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "short" });
  const british = new Intl.DateTimeFormat("en-GB", { timeZone, timeZoneName: "short" });
  const named = (format: Intl.DateTimeFormat, at: Instant): string =>
    format.formatToParts(at).find((part) => part.type === "timeZoneName")?.value ?? timeZone;
  return {
    seconds: (at) => seconds.format(at),
    minutes: (at) => minutes.format(at),
    day: (at) => day.format(at),
    // Each locale knows the everyday names of its own zones (EDT, CET) and gives an offset for the others.
    zone: (at) => {
      const name = named(american, at);
      return /\d/.test(name) ? named(british, at) : name;
    },
  };
}

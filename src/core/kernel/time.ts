/** Moments and durations. Core never asks what time it is: it is told, with each input. */

declare const brand: unique symbol;
/** Milliseconds since the Unix epoch, UTC. */
export type Instant = number & { readonly [brand]: "Instant" };

export const DAY_MS = 86_400_000;

/** @throws RangeError when `ms` is not a finite, non-negative count. */
export function instant(ms: number): Instant {
  if (!Number.isFinite(ms) || ms < 0) throw new RangeError(`not a moment in time: ${ms}`);
  return ms as Instant;
}

export const later = (at: Instant, ms: number): Instant => instant(at + ms);
/** `2026-11-21`: the UTC day a moment belongs to. */
export const utcDay = (at: Instant): string => iso(at).slice(0, 10);
/** `2026-11-21T14:07:05.123Z` */
export const iso = (at: Instant): string => isoText(at);

const pad = (value: number, width: number): string => String(value).padStart(width, "0");

/** Civil date from a count of days (Howard Hinnant's algorithm): core has no Date. */
function isoText(at: Instant): string {
  const days = Math.floor(at / DAY_MS);
  const rest = Math.floor(at - days * DAY_MS);
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const clock = `${pad(Math.floor(rest / 3_600_000), 2)}:${pad(Math.floor(rest / 60_000) % 60, 2)}:${pad(Math.floor(rest / 1000) % 60, 2)}`;
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${clock}.${pad(rest % 1000, 3)}Z`;
}

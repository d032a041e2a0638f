/**
 * What a policy says that is not a number: products, order types, windows, place of residence, when a loss clears. Each has a
 * direction of risk too: the stricter of two is told here, and so is the text by which people compare them.
 */
import type { Lockout, Policy } from "./limits.ts";
import { common, covers } from "./week.ts";

interface Choice {
  readonly title: string;
  /** The same text means the same choice. */
  readonly text: (policy: Policy) => string;
  /** `into` with this choice of `from`. */
  readonly take: (into: Policy, from: Policy) => Policy;
  /** `file` with the stricter of both. */
  readonly strictest: (file: Policy, ours: Policy) => Policy;
}

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
const pad = (value: number): string => String(value).padStart(2, "0");
const time = (minutes: number): string => `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;

/** `major_macro_release 13:20–14:10 mon tue wed` */
const windowText = ({ name, from, to, days }: Lockout): string =>
  `${name} ${time(from)}–${time(to)} ${days.map((day) => DAYS[day]).join(" ") || "no day"}`;

const windowsText = (windows: readonly Lockout[] = []): string =>
  windows
    .filter(({ enabled }) => enabled)
    .map(windowText)
    .join(", ") || "none";

const sessionsOf = (policy: Policy): readonly Lockout[] => policy.session_windows ?? [];
const areOn = (windows: readonly Lockout[]): boolean => windows.some(({ enabled }) => enabled);
const withSessions = (policy: Policy, session_windows: readonly Lockout[]): Policy => ({
  ...policy,
  session_windows,
});

function sessionsOfBoth(file: Policy, ours: Policy): Policy {
  const [theirs, own] = [sessionsOf(file), sessionsOf(ours)];
  if (!areOn(own)) return file;
  if (!areOn(theirs)) return withSessions(file, own);
  if (covers(own, theirs)) return file;
  if (covers(theirs, own)) return withSessions(file, own);
  return withSessions(file, common(theirs, own, "common"));
}

/** A lockout that the file no longer covers stays. */
function lockoutsOfBoth(file: Policy, ours: Policy): Policy {
  const kept = ours.event_lockouts.filter(
    (window) => window.enabled && !covers(file.event_lockouts, [window]),
  );
  return kept.length === 0 ? file : { ...file, event_lockouts: [...file.event_lockouts, ...kept] };
}

const both = <T>(file: readonly T[], ours: readonly T[]): readonly T[] =>
  file.filter((each) => ours.includes(each));

export const CHOICES = {
  "allowlist.products": {
    title: "products that may be traded",
    text: ({ allowed }) => [...allowed.products].sort().join(", ") || "none",
    take: (into, { allowed: { products } }) => ({
      ...into,
      allowed: { ...into.allowed, products },
    }),
    strictest: (file, ours) => ({
      ...file,
      allowed: { ...file.allowed, products: both(file.allowed.products, ours.allowed.products) },
    }),
  },
  "allowlist.order_types": {
    title: "types of order that may be sent",
    text: ({ allowed }) => [...allowed.order_types].sort().join(", ") || "none",
    take: (into, { allowed: { order_types } }) => ({
      ...into,
      allowed: { ...into.allowed, order_types },
    }),
    strictest: (file, ours) => ({
      ...file,
      allowed: {
        ...file.allowed,
        order_types: both(file.allowed.order_types, ours.allowed.order_types),
      },
    }),
  },
  event_lockouts: {
    title: "windows without entries",
    text: (policy) => windowsText(policy.event_lockouts),
    take: (into, { event_lockouts }) => ({ ...into, event_lockouts }),
    strictest: lockoutsOfBoth,
  },
  session_windows: {
    title: "windows outside of which there are no entries",
    text: (policy) => windowsText(policy.session_windows),
    take: (into, from) => withSessions(into, sessionsOf(from)),
    strictest: sessionsOfBoth,
  },
  region: {
    title: "place of residence",
    text: ({ region }) => region ?? "none",
    take: (into, { region = null }) => ({ ...into, region }),
    strictest: (file, ours) => (ours.region ? { ...file, region: ours.region } : file),
  },
  reset: {
    title: "when a tripped daily loss clears by itself",
    text: ({ reset }) => reset ?? "none",
    take: (into, { reset = null }) => ({ ...into, reset }),
    strictest: (file, ours) => (ours.reset ? file : { ...file, reset: null }),
  },
} as const satisfies Readonly<Record<string, Choice>>;

export type ChoiceKey = keyof typeof CHOICES;

export const CHOICE_KEYS = Object.keys(CHOICES) as readonly ChoiceKey[];

export const choiceKey = (key: string): ChoiceKey | null =>
  CHOICE_KEYS.find((each) => each === key) ?? null;

/** Looking into JSON that others wrote. */

export type Json = Readonly<Record<string, unknown>>;

export const record = (value: unknown): Json | null =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : null;

/** The object under a name, or null. */
export const within = (of: Json | null, name: string): Json | null => record(of?.[name]);

/** A whole number that survived JSON exactly, or null. */
export const whole = (of: Json | null, name: string): number | null => {
  const value = of?.[name];
  return typeof value === "number" && Number.isSafeInteger(value) ? value : null;
};

export const text = (of: Json | null, name: string): string | null => {
  const value = of?.[name];
  return typeof value === "string" ? value : null;
};

/** Reading plain JSON of unknown shape, for the fake of Slack. */

export type Json = { readonly [key: string]: unknown };
/** What a Web API method answers. */
export type Answer = Json & { readonly ok: boolean };

export interface Method {
  /** What Slack misses before it looks at the form of the rest. */
  readonly missing?: (given: Json) => string | null;
  readonly run: (given: Json) => Answer;
}
export type Methods = Readonly<Record<string, Method>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const object = (value: unknown): Json => (isObject(value) ? value : {});
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
/** Empty when it is not there. */
export const text = (value: unknown): string => (typeof value === "string" ? value : "");
export const flag = (value: unknown): boolean => value === true;

/** Without the fields that are undefined, as JSON has it. */
export const told = (fields: Json): Json =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

export const ok = (fields: Json = {}): Answer => ({ ok: true, ...told(fields) });
export const refuse = (error: string, fields: Json = {}): Answer => ({
  ok: false,
  error,
  ...told(fields),
});

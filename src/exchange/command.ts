/** One command for the control, as it came in JSON: reads its parts and checks their types. */
// It does nothing by itself.
import { answerNamed, type PlannedAnswer } from "./answers.ts";
import type { ProductFlags } from "./catalog.ts";
import type { QuotedLevel } from "./control.ts";
import { invalidArgument } from "./errors.ts";
import type { Stream } from "./faults.ts";
import { isRecord } from "./matching/new-order.ts";
import type { LimitRates } from "./options.ts";
import type { Lags } from "./venue.ts";

const LAGS: readonly string[] = ["orderMs", "listMs", "fillsMs", "userMs"];
const RATES: readonly string[] = ["private", "public", "sockets", "messages", "answer"];
const ANSWERS: readonly unknown[] = ["429-json", "429-html", "401"];
const FLAGS: readonly string[] = [
  "is_disabled",
  "cancel_only",
  "limit_only",
  "post_only",
  "trading_disabled",
  "auction_mode",
  "view_only",
  "status",
];

/** Every reader throws a 400 that names the part. */
export class Command {
  readonly #body: Readonly<Record<string, unknown>>;

  constructor(body: Readonly<Record<string, unknown>>) {
    this.#body = body;
  }

  text(name: string): string {
    const value = this.#body[name];
    if (typeof value !== "string") throw invalidArgument(`${name} must be a text`);
    return value;
  }

  optional(name: string): string | undefined {
    return this.#body[name] === undefined ? undefined : this.text(name);
  }

  number(name: string, usual?: number): number {
    const value = this.#body[name] ?? usual;
    if (typeof value !== "number" || !Number.isFinite(value)) {
      throw invalidArgument(`${name} must be a number`);
    }
    return value;
  }

  /** One of some words. */
  word<Word extends string>(name: string, words: readonly Word[]): Word {
    const text = this.text(name);
    const found = words.find((each) => each === text);
    if (found === undefined) throw invalidArgument(`${name} must be one of ${words.join(", ")}`);
    return found;
  }

  flags(): Partial<ProductFlags> {
    const flags = this.#record("flags");
    for (const [name, value] of Object.entries(flags)) {
      if (!FLAGS.includes(name)) throw invalidArgument(`there is no flag ${name}`);
      const kind = name === "status" ? "string" : "boolean";
      if (typeof value !== kind) throw invalidArgument(`${name} must be a ${kind}`);
    }
    return flags;
  }

  lags(): Partial<Lags> {
    const lags = this.#record("lags");
    for (const [name, value] of Object.entries(lags)) {
      if (!LAGS.includes(name)) throw invalidArgument(`there is no lag ${name}`);
      if (typeof value !== "number") throw invalidArgument(`${name} must be a number`);
    }
    return lags;
  }

  /** True, false, or an object with some of the rates. */
  limits(): boolean | Partial<LimitRates> {
    const value = this.#body["limits"];
    if (typeof value === "boolean") return value;
    const rates = this.#record("limits");
    for (const [name, each] of Object.entries(rates)) {
      if (!RATES.includes(name)) throw invalidArgument(`there is no limit ${name}`);
      const right = name === "answer" ? ANSWERS.includes(each) : typeof each === "number";
      if (!right) throw invalidArgument(`${name} has no such value`);
    }
    return rates;
  }

  #record(name: string): Readonly<Record<string, unknown>> {
    const value = this.#body[name];
    if (!isRecord(value)) throw invalidArgument(`${name} must be an object`);
    return value;
  }

  answer(): PlannedAnswer {
    const value = this.#body["answer"];
    if (typeof value === "string") return answerNamed(value);
    return { status: this.number("status"), body: this.#body["body"] };
  }

  streams(): readonly Stream[] | undefined {
    const value = this.#body["streams"];
    if (value === undefined) return undefined;
    const known = (each: unknown): each is Stream => each === "market" || each === "user";
    if (!Array.isArray(value) || !value.every(known)) {
      throw invalidArgument("streams must be a list of market and user");
    }
    return value;
  }

  levels(name: string): readonly QuotedLevel[] {
    const value = this.#body[name];
    const isLevel = (each: unknown): each is QuotedLevel =>
      Array.isArray(each) && each.length === 2 && each.every((part) => typeof part === "string");
    if (!Array.isArray(value) || !value.every(isLevel)) {
      throw invalidArgument(`${name} must be a list of [price, size]`);
    }
    return value;
  }
}

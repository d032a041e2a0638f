/**
 * The schema all tables live in, and the few kinds of column they are made of. Names are written in camel case and are
 * snake case in the database. It must not define a table.
 */
import { bigint, numeric, pgSchema, timestamp } from "drizzle-orm/pg-core";

/** A schema of our own: a database that is shared with others is neither cluttered nor wiped. */
export const claudbot = pgSchema("claudbot");

/** Number of an event, or another count below 2^53. */
export const seq = () => bigint({ mode: "number" });
/** A moment in UTC, to the millisecond. */
export const moment = () => timestamp({ withTimezone: true, mode: "date", precision: 3 });
/** An exact amount as text; numeric without bounds keeps every place. */
export const money = () => numeric();

/** Every method of every port has a crash point, or a line that says why it needs none: src/ports is read as text. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DOORS, EDIT, WITHOUT } from "../kit/desk-doors.ts";

const FOLDER = join(import.meta.dirname, "../../src/ports");
const INTERFACE = /^export (?:interface|class) (\w+)[^{]*\{\n(.*?)^\}/gms;
/** `send(…`, `mark?(…`, `take<T>(…`, and `readonly lastLook?: (…`. */
const METHOD = /^ {2}(?:(?:readonly )?(\w+)\??: \(|(\w+)\??(?:<[^>]*>)?\()/gm;

/** `venue.place`, for each method of each interface. */
const methodsIn = (text: string): readonly string[] =>
  [...text.matchAll(INTERFACE)].flatMap(([, name = "", body = ""]) =>
    [...body.matchAll(METHOD)].map(
      ([, property, method]) =>
        `${name.slice(0, 1).toLowerCase()}${name.slice(1)}.${property ?? method}`,
    ),
  );

const all = readdirSync(FOLDER).flatMap((file) =>
  methodsIn(readFileSync(join(FOLDER, file), "utf8")),
);
const undecided = (methods: readonly string[]): readonly string[] =>
  methods.filter(
    (method) => !(DOORS as readonly string[]).includes(method) && !(method in WITHOUT),
  );

test("a desk can be killed around every method of its ports, or a line says why not", () => {
  expect(undecided(all)).toEqual([]);
});

test("no door and no reason is left of a method that is gone, and none has both", () => {
  const listed = [...DOORS.filter((door) => door !== EDIT), ...Object.keys(WITHOUT)];
  expect(listed.filter((one) => !all.includes(one))).toEqual([]);
  expect(new Set(listed).size).toBe(listed.length);
  for (const why of Object.values(WITHOUT)) expect(why.split(" ").length).toBeGreaterThan(5);
});

test("a method that is added to a port, in whatever form, is seen", () => {
  const text = `export interface Venue extends Other {
  readonly admissionMs: number;
  /** Sends (it). */
  place(plan: Plan): Promise<Answer>;
  amend?(
    plan: Plan,
  ): Promise<Answer>;
  sell<T>(what: T): void;
  readonly ask?: (what: string) => void;
}
`;
  expect(methodsIn(text)).toEqual(["venue.place", "venue.amend", "venue.sell", "venue.ask"]);
  expect(undecided(methodsIn(text))).toEqual(["venue.amend", "venue.sell", "venue.ask"]);
  expect(all).toEqual(expect.arrayContaining(["venue.place", "lease.take", "messenger.find"]));
});

/** Windows of the week in the policy file, and its allow-list. */
// Each problem names file, line and key; what is wrong is left out, and the file refused as a whole.
import type { ProductId } from "../core/kernel/ids.ts";
import { type Lockout, ORDER_TYPES, type Policy } from "../core/risk/limits.ts";
import { product, timeOfDay, word } from "./policy-values.ts";
import { type Entry, written, type YamlFile } from "./yaml-file.ts";

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
const WINDOW_KEYS = ["name", "enabled", "timezone", "start", "end", "days"];

export function windowsOf(file: YamlFile, entry: Entry | null): readonly Lockout[] {
  const items = entry && file.list(entry);
  return (items ?? []).flatMap((item) => windowOf(file, item) ?? []);
}

function windowOf(file: YamlFile, item: Entry): Lockout | null {
  const section = file.section(item, WINDOW_KEYS);
  if (section === null) return null;
  const name = written(file.need(section, "name", "major_macro_release")?.node ?? null);
  const enabled = file.need(section, "enabled", "true");
  const zone = file.need(section, "timezone", "UTC");
  const start = file.need(section, "start", '"13:20"');
  const end = file.need(section, "end", '"14:10"');
  const days = file.need(section, "days", "[mon, tue, wed, thu, fri]");
  if (zone !== null) word(file, zone, ["UTC"]);
  const from = start && timeOfDay(file, start);
  const to = end && timeOfDay(file, end);
  if (end !== null && typeof from === "number" && from === to) {
    file.refuse(
      end.where,
      "the window ends when it begins",
      "Write a later time, or enabled: false",
    );
  }
  const listed = days && file.list(days);
  const on = (listed ?? []).flatMap((day) => {
    const found = word(file, day, DAYS);
    return found === undefined ? [] : [DAYS.indexOf(found)];
  });
  const active = enabled && word(file, enabled, ["true", "false"]);
  if (days !== null && listed?.length === 0 && active !== "false") {
    const fix = "Name the days on which it begins, e.g. [mon, tue], or write enabled: false";
    file.refuse(days.where, "the window is on no day", fix);
  }
  if (typeof from !== "number" || typeof to !== "number") return null;
  return { name: name ?? "", enabled: active === "true", from, to, days: on };
}

export function allowListOf(
  file: YamlFile,
  entry: Entry | null,
  rows: Policy["per_symbol"],
): Policy["allowed"] {
  const section = entry && file.section(entry, ["products", "order_types"]);
  if (!section) return { products: [], order_types: [] };
  const products = file.need(section, "products", "[BTC-USD]");
  const types = file.need(section, "order_types", "[market_ioc, limit_gtc]");
  return {
    products: ((products && file.list(products)) ?? []).flatMap((item): readonly ProductId[] => {
      const id = product(file, item, written(item.node) ?? "");
      if (id !== undefined && !rows.has(id) && !file.problems.some((at) => at.where.includes(id))) {
        file.refuse(item.where, `${id} has no caps`, `Add a row for ${id} under per_symbol`);
      }
      return id === undefined ? [] : [id];
    }),
    order_types: ((types && file.list(types)) ?? []).flatMap(
      (item) => word(file, item, ORDER_TYPES) ?? [],
    ),
  };
}

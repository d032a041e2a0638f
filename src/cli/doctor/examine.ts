/** Makes the looks one after the other; what was not looked at because of an earlier one says so. */
import { CHECKS, type Check } from "./checks.ts";
import { type Finding, type GroupName, groupOf, type ItemId, unknown } from "./finding.ts";
import type { Ward } from "./ward.ts";

export interface Step extends Finding {
  readonly name: string;
  readonly item: ItemId;
}

const TOO_MANY = 429;

/** @param groups those asked for; what they stand on is looked at too. */
export async function examine(
  ward: Ward,
  groups: ReadonlySet<GroupName>,
): Promise<readonly Step[]> {
  const steps: Step[] = [];
  for (const check of wanted(groups)) {
    const { name, item } = check;
    const finding = notLooked(check, steps, ward) ?? (await looked(check, ward));
    steps.push({ name, item, ...finding });
  }
  return steps;
}

function notLooked({ needs, calls }: Check, steps: readonly Step[], ward: Ward): Finding | null {
  const lacking = steps.find(({ name, verdict }) => needs.includes(name) && verdict !== "PASS");
  if (lacking) return unknown(`not looked at, because ${lacking.name} is ${lacking.verdict}`);
  const throttled = ward.seen.calls.some(({ status }) => status === TOO_MANY);
  if (calls && throttled) return unknown("not looked at, because the venue throttles us (429)");
  return null;
}

async function looked({ look }: Check, ward: Ward): Promise<Finding> {
  try {
    return await look(ward);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return unknown(`could not be looked at: ${why}`, "This is a fault of the doctor: report it");
  }
}

/** The checks of these groups and all they need, in their order. */
function wanted(groups: ReadonlySet<GroupName>): readonly Check[] {
  const names = new Set<string>();
  const add = ({ name, needs }: Check): void => {
    names.add(name);
    for (const each of CHECKS) if (needs.includes(each.name)) add(each);
  };
  for (const check of CHECKS) if (groups.has(groupOf(check.item))) add(check);
  return CHECKS.filter(({ name }) => names.has(name));
}

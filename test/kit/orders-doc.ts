/** docs/orders.md, made from the table of states: words and drawing cannot differ from the program. */
import { LIFE, LIFE_STATES, type LifeState } from "../../src/core/order/lifecycle.ts";
import { PROGRESS, QUARANTINES, SUBMISSIONS } from "../../src/core/order/state.ts";

const HEAD = `# Orders

Made by \`npm run docs:orders\` from \`src/core/order/lifecycle.ts\`; a test fails when it is not fresh.

An order is three things that only ever grow: what is known of its submission, how far the venue says it got, and how much of
it executed. Each statement of the venue, from the stream, a read, a listing or an answer, is merged by taking the further of
each, so that their order, repetition and delay do not matter (\`src/core/order/merge.ts\`). Trades from the venue's books are
a set by their entry; once they reach as far as the venue's sums they take their place, and are never added to them.

- Submission, weakest first: ${SUBMISSIONS.map((word) => `\`${word}\``).join(", ")}. Existence beats any proof of absence.
- Progress, nearest first: ${PROGRESS.map((word) => `\`${word}\``).join(", ")}.
- Reasons for quarantine: ${QUARANTINES.map((word) => `\`${word}\``).join(", ")}. What may still execute counts at its worst, entries of
  the product wait, and a person looks: \`/resume\` (or \`/rearm\` after a halt) names what it accepts as booked.
- Settled means proven: at least two seconds after the end the order and all of its trades are read together, and size, count and
  fees agree. What does not agree within ten minutes is quarantined. Every minute all trades of the account are read as well, from
  before the oldest order that is not settled; that mark moves only after a reading that succeeded.

The word that people read is made of these. The desk halts, with the evidence in its journal, on a change of word that is not below.
`;

const cell = (text: string | null): string => text ?? "–";
const name = (state: LifeState): string => state.replaceAll(" ", "_");

export function ordersDoc(): string {
  const rows = LIFE_STATES.map((state) => {
    const { means, also, next } = LIFE[state];
    return `| ${state} | ${means} | ${cell(also)} | ${next.join(", ")} |`;
  });
  const arrows = LIFE_STATES.flatMap((from) =>
    LIFE[from].next.map((to) => `    ${name(from)} --> ${name(to)}`),
  );
  return `${HEAD}
| State | Means | Also called | May become |
|---|---|---|---|
${rows.join("\n")}

A wish that the gate refuses never becomes an order: it is \`intent.vetoed\` in the journal ("blocked").

\`\`\`mermaid
stateDiagram-v2
    [*] --> planned
${arrows.join("\n")}
\`\`\`
`;
}

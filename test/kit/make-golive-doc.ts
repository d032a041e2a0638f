/** Climbs the ladder and writes docs/golive-transcript.md anew. */
import { writeFileSync } from "node:fs";
import { climb } from "./golive-demo.ts";

const { lines, creates } = await climb();
const text = `# From paper to the second cap

Made by \`npm run docs:golive\`: a live profile on the exchange of its own, two people with an authenticator, on Telegram and
Slack, in time that runs twenty times faster. Every line was typed into, or shown by, one of the two platforms; what both
showed stands here once. The database answers in the machine's own time, which is slow there: hence "not in the journal yet".
See docs/golive.md.

The exchange got ${creates.before} orders before the first live rung and ${creates.after} by the end.
${lines.map((line) => (line.startsWith("\n## ") ? line : line.replace(/^/gm, "    "))).join("\n")}
`;
writeFileSync(new URL("../../docs/golive-transcript.md", import.meta.url), text);

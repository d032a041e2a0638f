/** The demonstration on a terminal. */
import { climb } from "./golive-demo.ts";

const { creates } = await climb();
process.stdout.write(
  `\norders that the exchange got before the first live rung: ${creates.before}; after it: ${creates.after}\n`,
);
process.exitCode = creates.before === 0 && creates.after > 0 ? 0 : 1;

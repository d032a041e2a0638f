/** Writes docs/gate.md anew. */
import { writeFileSync } from "node:fs";
import { gateDoc } from "./gate-doc.ts";

writeFileSync(new URL("../../docs/gate.md", import.meta.url), gateDoc());

/** Writes docs/orders.md anew. */
import { writeFileSync } from "node:fs";
import { ordersDoc } from "./orders-doc.ts";

writeFileSync(new URL("../../docs/orders.md", import.meta.url), ordersDoc());

/** The long forms: whole matrices and many seeds. `npm run test:long`. */
import { defineConfig, mergeConfig } from "vitest/config";
import short from "./vitest.config.ts";

export default mergeConfig(
  { ...short, test: { ...short.test, include: [], exclude: [] } },
  defineConfig({
    test: { include: ["test/**/*.long.test.ts"], testTimeout: 120_000, hookTimeout: 120_000 },
  }),
);

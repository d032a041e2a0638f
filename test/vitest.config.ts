/** `npm test`. With TEST_WITHOUT_DATABASE=1 no Postgres is started: enough for tests that ask for none. */
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Whole desks take longest and wait most: begun first, they leave the short files to fill both workers to the end. */
class DesksFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isDesk = ({ moduleId }: TestSpecification): boolean => moduleId.includes("/test/desk/");
    return [...sorted.filter(isDesk), ...sorted.filter((file) => !isDesk(file))];
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/**/*.long.test.ts"],
    globalSetup: process.env["TEST_WITHOUT_DATABASE"] ? [] : ["./test/kit/global-setup.ts"],
    testTimeout: 90_000,
    hookTimeout: 90_000,
    maxWorkers: 2,
    // Whole desks run at the same time in one file: never more than the machine has cores.
    maxConcurrency: 2,
    // Files of one worker share what they import: nothing of ours keeps a state that another file would see.
    isolate: false,
    sequence: { sequencer: DesksFirst },
  },
});

/** The long form of the frame faults: every position of the recorded session. */
import { expect, test } from "vitest";
import { FAULTS, LAST, playFault, undisturbed } from "../../kit/capture-faults.ts";

const POSITIONS = Array.from({ length: LAST + 1 }, (_, i) => i);
const reference = undisturbed(new Set(POSITIONS));

test.each(FAULTS)(
  "%s one frame, wherever it stands: equal or renewed, never wrong",
  async (fault) => {
    for (const position of POSITIONS) {
      const end = await playFault(position, fault, reference);
      expect(end, `position ${position}`).toMatch(/^(equal|renewed)$/);
    }
  },
);

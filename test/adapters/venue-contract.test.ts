/** One contract for every venue: the real client on an exchange of our own, paper, and shadow. */
import { describe } from "vitest";
import { venueContract } from "../kit/venue-contract.ts";
import { VENUES } from "../kit/venue-scene.ts";

describe.each(VENUES)("the venue %s", (kind) => {
  venueContract(kind);
});

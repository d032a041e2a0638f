/** Questions people ask. Answered from views of the live state; asking changes nothing. */
import type { DeskView } from "../core/engine/views.ts";

export interface Query {
  view(): DeskView;
}

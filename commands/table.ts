/** Every word that an operator may say, in help and menu order: the harmless first, /kill last. */
import type { Command } from "../src/chat/command.ts";
import { breakers } from "./breakers.ts";
import { cancel } from "./cancel.ts";
import { confirm } from "./confirm.ts";
import { deny } from "./deny.ts";
import { fills } from "./fills.ts";
import { flatten } from "./flatten.ts";
import { help } from "./help.ts";
import { kill } from "./kill.ts";
import { limits } from "./limits.ts";
import { limitsSet } from "./limits-set.ts";
import { orders } from "./orders.ts";
import { pause } from "./pause.ts";
import { positions } from "./positions.ts";
import { rearm } from "./rearm.ts";
import { reconcile } from "./reconcile.ts";
import { resume } from "./resume.ts";
import { status } from "./status.ts";
import { whoami } from "./whoami.ts";

export const COMMANDS: readonly Command[] = [
  status,
  pause,
  resume,
  positions,
  orders,
  fills,
  reconcile,
  breakers,
  limits,
  limitsSet,
  flatten,
  cancel,
  confirm,
  deny,
  rearm,
  whoami(() => COMMANDS),
  help(() => COMMANDS),
  kill,
];

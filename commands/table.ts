/** Every word that an operator may say, in help and menu order: the harmless first, /kill last. */
import type { Command } from "../src/chat/command.ts";
import { approve } from "./approve.ts";
import { audit } from "./audit.ts";
import { breakers } from "./breakers.ts";
import { cancel } from "./cancel.ts";
import { code } from "./code.ts";
import { confirm } from "./confirm.ts";
import { deny } from "./deny.ts";
import { duty } from "./duty.ts";
import { fills } from "./fills.ts";
import { flatten } from "./flatten.ts";
import { heard } from "./heard.ts";
import { help } from "./help.ts";
import { kill } from "./kill.ts";
import { limits } from "./limits.ts";
import { limitsSet } from "./limits-set.ts";
import { orders } from "./orders.ts";
import { pause } from "./pause.ts";
import { pending } from "./pending.ts";
import { positions } from "./positions.ts";
import { rearm } from "./rearm.ts";
import { reconcile } from "./reconcile.ts";
import { resume } from "./resume.ts";
import { stage } from "./stage.ts";
import { status } from "./status.ts";
import { suspend } from "./suspend.ts";
import { testalarm } from "./testalarm.ts";
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
  stage,
  flatten,
  cancel,
  pending,
  confirm,
  code,
  approve,
  deny,
  rearm,
  suspend,
  duty,
  testalarm,
  heard,
  audit,
  whoami(() => COMMANDS),
  help(() => COMMANDS),
  kill,
];

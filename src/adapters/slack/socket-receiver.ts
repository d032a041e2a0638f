/** Socket Mode for Bolt: what comes over our own connection goes to the app, and its acknowledgement goes back. */
// The library's own receiver is not used: it ends the process when Slack refuses it once.
import type { App, Receiver } from "@slack/bolt";
import { type Fields, fieldsOf, textOf } from "./fields.ts";
import { Supervisor, type SupervisorDoors } from "./supervisor.ts";
import { type DeliverDoors, deliver } from "./ticket.ts";

export interface SocketDoors extends DeliverDoors, Omit<SupervisorDoors, "envelope"> {}

export function socketReceiver(doors: SocketDoors): Receiver {
  let app: App | null = null;
  const supervisor = new Supervisor({
    ...doors,
    envelope(envelope, acknowledge) {
      const id = envelope["envelope_id"];
      const mayAnswer = envelope["accepts_response_payload"] === true;
      void deliver(
        app,
        {
          body: fieldsOf(envelope["payload"]),
          ...retryOf(envelope),
          reply(payload) {
            const said = mayAnswer && payload !== undefined ? { payload } : {};
            acknowledge({ envelope_id: id, ...said });
          },
          decline: () => acknowledge(null),
        },
        doors,
      );
    },
  });
  return {
    init(given) {
      app = given;
    },
    async start() {
      supervisor.start();
    },
    async stop() {
      supervisor.stop();
      doors.listeners.stop();
    },
  };
}

function retryOf(envelope: Fields) {
  const attempt = envelope["retry_attempt"];
  const reason = textOf(envelope["retry_reason"]);
  return {
    ...(typeof attempt === "number" ? { retryNum: attempt } : {}),
    ...(reason === null ? {} : { retryReason: reason }),
  };
}

/** A Slack of our own for tests: Web API, Socket Mode and signed requests on loopback, with people in it and faults to order. */
// Written after Slack's documentation; checked by clients that others wrote (fake-bolt.test.ts, fake-emulate.test.ts, test/peers/slack-peer.ts).
import * as Delivery from "./slack-fake-envelopes.ts";
import { uploads } from "./slack-fake-files.ts";
import { type Json, ok, text } from "./slack-fake-json.ts";
import { limits } from "./slack-fake-limits.ts";
import { lookupMethods } from "./slack-fake-lookups.ts";
import { chatMethods } from "./slack-fake-messages.ts";
import { payloads } from "./slack-fake-payloads.ts";
import { type People, people } from "./slack-fake-people.ts";
import * as Server from "./slack-fake-server.ts";
import * as Look from "./slack-fake-shown.ts";
import { answerOf, httpMode, type Signed } from "./slack-fake-signed.ts";
import { type Drop, type SocketFrame, socketMode } from "./slack-fake-socket.ts";
import { answer, type OpenedView, triggers } from "./slack-fake-triggers.ts";
import { type Bot, channelOf, personOf, type World, world } from "./slack-fake-world.ts";

export type Frame = Server.Frame;
export type SlackFault = Server.SlackFault;
export type Shown = Look.Shown;

/** These stand in nothing else: whatever the tests print and store is searched for them. */
export const SLACK_BOT_TOKEN = "xoxb-700000000001-700000000002-canarySlackBotToken0001";
export const SLACK_APP_TOKEN = "xapp-1-A0CANARY-700000000003-canaryslackapptoken0001";
export const SLACK_SIGNING_SECRET = "ca4a9ca4a9ca4a9ca4a9ca4a9ca4a9ca";
export const TEAM = "T0CLAUD";

export interface SlackFakeOptions {
  readonly port?: number;
  /** Answer 429 when calls come too fast for the real Slack. */
  readonly limits?: boolean;
  /** The slash command of the app. */
  readonly command?: string;
  readonly pingMs?: number;
  /** From asking a client to leave until its connection is cut. */
  readonly graceMs?: number;
  /** How long an ack may take. */
  readonly ackMs?: number;
  /** How long each of the three redeliveries of an event waits. */
  readonly retryMs?: readonly number[];
  /** How long a file cannot be shown after its upload. */
  readonly fileReadyMs?: number;
  readonly now?: () => number;
}

export interface SlackFake extends People, AsyncDisposable {
  /** `http://127.0.0.1:PORT/api/` */
  readonly url: string;
  readonly origin: string;
  readonly bot: Bot;
  /** Every request in order of arrival. */
  readonly frames: readonly Frame[];
  /** Everything on the sockets. */
  readonly socketFrames: readonly SocketFrame[];
  /** What no correct app sends: against a schema, or an ack out of place. */
  readonly violations: readonly string[];
  /** Oldest first, replies in threads included. */
  visible(channel: string): readonly Shown[];
  /** The bot's only. */
  said(channel: string): readonly Shown[];
  /** What only this person sees. */
  ephemerals(user: string): readonly Shown[];
  /** The modals and the home tab this person sees. */
  views(user: string): readonly OpenedView[];
  /** The direct messages of the bot and this person. */
  dm(user: string): string;
  addUser(id: string, about?: AboutUser): void;
  addChannel(id: string, about?: AboutChannel): void;
  replay(envelopeId: string, as?: Delivery.Replay): string;
  /** By envelope; the last one. The ack of a redelivery counts for the first delivery too. */
  readonly acks: ReadonlyMap<string, Delivery.Ack>;
  /** Envelopes that came to nothing: of a command the person saw an error. */
  readonly failed: ReadonlyMap<string, string>;
  readonly connections: number;
  /** Planted faults of a method happen in order; `"*"` is for every method. Once, unless told otherwise; `times` may be Infinity. */
  fault(method: string, fault: SlackFault, times?: number): void;
  clearFaults(): void;
  /** Refuses connections; then listens again on the same port. */
  down(isDown: boolean): Promise<void>;
  dropSockets(how: Drop): void;
  revoke(isRevoked: boolean): void;
  /** From `deliverTo` on, acts go out as signed requests and not over a socket. */
  readonly http: Signed;
}

export interface AboutUser {
  readonly team?: string;
  readonly restricted?: boolean;
  readonly ultraRestricted?: boolean;
  readonly stranger?: boolean;
  readonly bot?: boolean;
  readonly deleted?: boolean;
  readonly name?: string;
}

export interface AboutChannel {
  /** The bot is in it, unless told otherwise. */
  readonly member?: boolean;
  readonly extShared?: boolean;
  readonly private?: boolean;
  readonly name?: string;
  /** Everybody, unless told otherwise. */
  readonly members?: readonly string[];
}

const BOT: Bot = { id: "B0CLAUDBOT", userId: "U0CLAUDBOT", appId: "A0CLAUDBOT", teamId: TEAM };

export async function slackFake(options: SlackFakeOptions = {}): Promise<SlackFake> {
  const of = world(BOT, options.now ?? Date.now);
  const host = (): string => `127.0.0.1:${server.port}`;
  const origin = (): string => `http://${host()}`;
  const given = triggers(of, origin);
  const files = uploads(of, origin, options.fileReadyMs ?? 0);
  const http = httpMode(SLACK_SIGNING_SECRET, of.now);
  const socket = socketMode(of, {
    ...{ host, pingMs: options.pingMs ?? 5000, graceMs: options.graceMs ?? 10_000 },
    heard: (body) => delivery.acked(text(body["envelope_id"]), body["payload"]),
  });
  const delivery: Delivery.Envelopes = Delivery.envelopes(of, {
    ...{ ackMs: options.ackMs ?? 3000, retryMs: options.retryMs ?? [100, 1000, 5000] },
    answered: (envelope, said) => answered(of, given, envelope, said),
    carrier: {
      send(envelope) {
        if (!http.active) return socket.send(Delivery.overSocket(envelope));
        http.carry(envelope, (reply) => {
          const fine = reply !== null && reply.status >= 200 && reply.status < 300;
          if (fine) return delivery.acked(envelope.id, answerOf(reply));
          const again = reply?.headers.get("x-slack-no-retry") !== "1";
          delivery.refused(envelope.id, reply === null ? "no answer" : "error", again);
        });
        return true;
      },
    },
  });
  const server = Server.slackServer(of, {
    tokens: { bot: SLACK_BOT_TOKEN, app: SLACK_APP_TOKEN },
    methods: {
      ...{ ...chatMethods(of), ...lookupMethods(of), ...files.methods, ...given.methods },
      "apps.connections.open": { run: () => ok({ url: socket.address() }) },
    },
    limits: options.limits ? limits(of.now) : null,
    ...{ socket, receive: files.receive, respond: given.respond },
  });
  await server.listen(options.port ?? 0);
  const port = server.port;
  const messages = (id: string): readonly Shown[] =>
    (of.channels.get(id)?.messages ?? []).map((message) => Look.shown(message));
  let isDown = false;
  const acts = people(of, {
    ...{ envelopes: delivery, triggers: given },
    payloads: payloads(of, options.command ?? "/claudbot", given),
  });
  return {
    ...acts,
    ...{ url: `${origin()}/api/`, origin: origin(), bot: BOT, frames: server.frames },
    ...{ socketFrames: socket.frames, violations: of.violations, http },
    ...{ acks: delivery.acks, failed: delivery.failed },
    visible: messages,
    said: (id) => messages(id).filter(({ from }) => from === BOT.id),
    ephemerals: (user) =>
      of.whispers
        .filter((each) => each.user === user)
        .map(({ message }) => Look.shown(message, true)),
    views: (user) => given.views.filter((each) => each.user === user),
    dm: (user) => of.dm(user).id,
    addUser: (id, about = {}) => void of.people.set(id, personOf(BOT, { id, ...about })),
    addChannel: (id, about = {}) => void of.channels.set(id, channelOf({ id, ...about })),
    replay: (id, as = "same-envelope") => delivery.replay(id, as),
    get connections() {
      return socket.connections;
    },
    fault: (method, fault, times = 1) => server.fault(method, fault, times),
    clearFaults: server.clearFaults,
    revoke: server.revoke,
    dropSockets: socket.drop,
    async down(down) {
      if (down === isDown) return;
      isDown = down;
      await (down ? server.close() : server.listen(port));
    },
    async [Symbol.asyncDispose]() {
      delivery.close();
      socket.close();
      if (!isDown) await server.close();
    },
  };
}

/** What an app brings along with its ack of a command or of a modal. */
function answered(
  of: World,
  given: ReturnType<typeof triggers>,
  { type, payload }: Delivery.Envelope,
  said: Json,
): void {
  const view = payload["view"] as { readonly id?: string } | undefined;
  if (payload["type"] === "view_submission") given.submitted(view?.id ?? "", said);
  if (type !== "slash_commands" || Object.keys(said).length === 0) return;
  const to = { user: text(payload["user_id"]), channel: text(payload["channel_id"]), ts: null };
  answer(of, to, said);
}

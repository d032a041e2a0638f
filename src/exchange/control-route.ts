/** The control over HTTP: `GET /control` lists it and the faults, `POST /control` gives one command. */
// No part of Coinbase's surface. It answers only to this machine, and never to a page in a browser.
import { ANSWER_NAMES } from "./answers.ts";
import type { ElsewhereOrder } from "./beside.ts";
import { Command } from "./command.ts";
import type { Control, Quotes } from "./control.ts";
import { invalidArgument } from "./errors.ts";
import { isRecord } from "./matching/new-order.ts";
import type { Route } from "./route.ts";

type Commands = {
  readonly [K in Exclude<keyof Control, "faults">]: (control: Control, of: Command) => unknown;
};

const route = (of: Command): string => of.text("route");
const times = (of: Command): number => of.number("times", 1);
const quotes = (of: Command): Quotes => ({
  bids: of.levels("bids"),
  asks: of.levels("asks"),
});

const ADJUSTMENTS = ["REVERSAL", "CORRECTION", "SYNTHETIC"] as const;
const elsewhere = (of: Command): ElsewhereOrder => ({
  product: of.text("product"),
  side: of.word("side", ["BUY", "SELL"]),
  size: of.text("size"),
  limit: of.text("limit"),
  clientId: of.optional("clientId"),
});

const COMMANDS: Commands = {
  trade: (on, of) => on.trade(of.text("product"), of.text("price"), of.optional("size")),
  quote: (on, of) => on.quote(of.text("product"), quotes(of)),
  setFlags: (on, of) => on.setFlags(of.text("product"), of.flags()),
  setLags: (on, of) => on.setLags(of.lags()),
  setLimits: (on, of) => on.setLimits(of.limits()),
  skewClock: (on, of) => on.skewClock(of.number("ms")),
  adjust: (on, of) => on.adjust(of.text("orderId"), of.word("type", ADJUSTMENTS)),
  transfer: (on, of) => on.transfer(of.text("currency"), of.text("amount")),
  placeElsewhere: (on, of) => on.placeElsewhere(elsewhere(of)),
  failNextOrder: (on, of) => on.failNextOrder(of.text("reason")),
  refuseNextOrder: (on, of) => on.refuseNextOrder(of.text("reason")),
  revokeKey: (on, of) => on.revokeKey(of.text("name")),
  refuseTokens: (on, of) => on.refuseTokens(of.number("count")),
  failNext: (on, of) => on.failNext(route(of), of.answer(), times(of)),
  failNextAnswer: (on, of) => on.failNextAnswer(route(of), of.answer(), times(of)),
  dropNextRequest: (on, of) => on.dropNextRequest(route(of), times(of)),
  dropNextAnswer: (on, of) => on.dropNextAnswer(route(of), times(of)),
  cutNextAnswer: (on, of) => on.cutNextAnswer(route(of), times(of)),
  delayNext: (on, of) => on.delayNext(route(of), of.number("ms"), times(of)),
  delayNextAnswer: (on, of) => on.delayNextAnswer(route(of), of.number("ms"), times(of)),
  hang: (on, of) => on.hang(route(of)),
  dropFrames: (on, of) => on.dropFrames(of.number("count"), of.streams(), of.optional("channel")),
  duplicateFrames: (on, of) =>
    on.duplicateFrames(of.number("count"), of.streams(), of.optional("channel")),
  swapFrames: (on, of) => on.swapFrames(of.number("count"), of.streams(), of.optional("channel")),
  repeatStaleOrders: (on, of) => on.repeatStaleOrders(of.number("count")),
  silence: (on, of) => on.silence(of.streams(), of.optional("channel")),
  sendError: (on, of) => on.sendError(of.text("message"), of.streams()),
  closeSockets: (on, of) => on.closeSockets(of.number("code", 1000), of.streams()),
  refuseSockets: (on, of) => on.refuseSockets(of.number("count")),
  resume: (on) => on.resume(),
};

const isCommand = (name: unknown): name is keyof Commands =>
  typeof name === "string" && Object.hasOwn(COMMANDS, name);

export const controlRoutes = (control: Control, routes: ReadonlySet<string>): readonly Route[] => [
  {
    method: "GET",
    pattern: "/control",
    root: true,
    needs: "nothing",
    handle: () => ({
      faults: control.faults(),
      commands: Object.keys(COMMANDS),
      answers: ANSWER_NAMES,
      routes: [...routes],
    }),
  },
  {
    method: "POST",
    pattern: "/control",
    root: true,
    needs: "nothing",
    handle: ({ body }) => {
      const name = isRecord(body) ? body["do"] : undefined;
      if (!isRecord(body) || !isCommand(name)) {
        throw invalidArgument(`do must be one of ${Object.keys(COMMANDS).join(", ")}`);
      }
      try {
        COMMANDS[name](control, new Command(body));
      } catch (error) {
        if (error instanceof RangeError) throw invalidArgument(error.message);
        throw error;
      }
      return { faults: control.faults() };
    },
  },
];

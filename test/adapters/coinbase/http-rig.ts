/** The REST road over scripted answers, with its clock in the test's hand. */
import { z } from "zod";
import type { Call } from "../../../src/adapters/coinbase/call.ts";
import type { HeardCall } from "../../../src/adapters/coinbase/heard.ts";
import { http } from "../../../src/adapters/coinbase/http.ts";
import type { Signer } from "../../../src/adapters/coinbase/sign.ts";
import type { TransportFailure, TransportReply } from "../../../src/ports/transport.ts";
import { countingEntropy, fakeSigner, fakeTransport, handTime, reply } from "./world.ts";

export const READ: Call<{ n: number }> = {
  method: "GET",
  path: "/thing",
  query: [
    ["id", "a"],
    ["id", "b"],
  ],
  schema: z.object({ n: z.number() }),
  access: "signed",
  pace: "read",
  repeat: "safe",
};

export type Answers = readonly (TransportReply | TransportFailure)[];

/** Answers in turn, then `{n: 1}`. */
export function road(answers: Answers, signer: Signer = fakeSigner()) {
  const time = handTime();
  const queue = [...answers];
  const fake = fakeTransport(() => queue.shift() ?? reply(200, { n: 1 }));
  const throttled: string[] = [];
  const heard: HeardCall[] = [];
  const sentAt: number[] = [];
  const { request } = fake.transport;
  fake.transport.request = (asked) => {
    sentAt.push(time.clock.now());
    return request(asked);
  };
  const open = http({
    restUrl: "https://api.coinbase.com",
    signer,
    transport: fake.transport,
    clock: time.clock,
    timers: time.timers,
    entropy: countingEntropy(),
    throttled: (endpoint) => throttled.push(endpoint),
    heard: (call) => heard.push(call),
    mayOrder: () => "not now",
  });
  const run = async <T>(call: Call<T>, ms = 60_000) => {
    const began = time.clock.now();
    let took = 0;
    const result = open.call(call).finally(() => {
      took = time.clock.now() - began;
    });
    await time.advance(ms);
    return { result: await result, took };
  };
  return { ...fake, time, road: open, run, throttled, heard, sentAt };
}

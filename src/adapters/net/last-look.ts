/** A last look at a request on its way through undici: after it has its connection, before its first byte is written. */
// Between the look and the write nothing else runs.
import type { Dispatcher } from "undici";

/** No byte of the request left. */
export class HeldBack extends Error {
  override readonly name = "HeldBack";
}

/** @param look why the request must not leave any more, or null */
export const lookingLast =
  (look: () => string | null): Dispatcher.DispatcherComposeInterceptor =>
  (dispatch) =>
  (options, next) =>
    dispatch(options, {
      onRequestStart(controller, context) {
        const why = look();
        // What is thrown here ends the request.
        if (why !== null) throw new HeldBack(why);
        next.onRequestStart?.(controller, context);
      },
      onRequestUpgrade: (...told) => next.onRequestUpgrade?.(...told),
      onResponseStart: (...told) => next.onResponseStart?.(...told),
      onResponseData: (...told) => next.onResponseData?.(...told),
      onResponseEnd: (...told) => next.onResponseEnd?.(...told),
      onResponseError: (...told) => next.onResponseError?.(...told),
    });

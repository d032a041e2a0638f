/** A desk whose strategy wants nothing and notes which bars it was shown. */
// It says nothing of what the venue sends: that is each test's own.
import type { State } from "../../src/core/engine/state.ts";
import type { Bar } from "../../src/core/market/candles.ts";
import type { MarketView } from "../../src/core/market/view.ts";
import { BTC, DeskScript } from "./desk-script.ts";

export class BarScript extends DeskScript {
  /** The bars of each decision, as they were then. */
  readonly shown: (readonly Bar[])[] = [];

  constructor(warmUpBars: number, state?: State) {
    super(undefined, state);
    Object.assign(this.state.settings.strategy, {
      warmUpBars,
      decide: (bars: readonly Bar[]) => {
        this.shown.push([...bars]);
        return null;
      },
    });
  }

  get market(): MarketView {
    const market = this.state.sight.markets.get(BTC);
    if (!market) throw new Error("the desk watches the product");
    return market;
  }
}

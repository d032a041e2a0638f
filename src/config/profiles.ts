/** The four ways to run a desk, and what each takes for granted where the environment is silent. */
// Only defaults: config.ts puts the environment over them.

export const PROFILES = ["demo", "paper", "shadow", "live"] as const;
export type Profile = (typeof PROFILES)[number];

interface Defaults {
  readonly products: string;
  readonly barSeconds: string;
  readonly fast: string;
  readonly slow: string;
  readonly orderUsd: string;
  /** In src/config/policies. */
  readonly policyFile: string;
  /** With how much a desk begins that is filled inside the program; null: with what the account holds. */
  readonly openingCash: string | null;
}

export const DEFAULTS: { readonly [P in Profile]: Defaults } = {
  /** An exchange of our own on this machine; a recorded minute passes in a second. */
  demo: {
    products: "BTC-USD,ETH-USD",
    barSeconds: "1",
    fast: "3",
    slow: "8",
    orderUsd: "100",
    policyFile: "demo.yaml",
    openingCash: "1000.00",
  },
  /** Real prices, orders that never leave this machine. */
  paper: {
    products: "BTC-USD",
    barSeconds: "60",
    fast: "9",
    slow: "21",
    orderUsd: "25",
    policyFile: "paper.yaml",
    openingCash: "1000.00",
  },
  /** Live in all but the last step: the real account, prices and fees, and no order ever sent. */
  shadow: {
    products: "BTC-USD",
    barSeconds: "60",
    fast: "9",
    slow: "21",
    orderUsd: "25",
    policyFile: "shadow.yaml",
    openingCash: null,
  },
  /** Real money. */
  live: {
    products: "BTC-USD",
    barSeconds: "60",
    fast: "9",
    slow: "21",
    orderUsd: "25",
    policyFile: "live.yaml",
    openingCash: "1000.00",
  },
};

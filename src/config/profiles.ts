/** The ways to run a desk, and what each takes for granted where the environment is silent. */
// Only defaults: config.ts puts the environment over them.

export const PROFILES = ["demo", "dev", "paper", "shadow", "canary", "live"] as const;
export type Profile = (typeof PROFILES)[number];

/** Where orders go and what is asked of the key: by this, and never by its name, a profile is told from another. */
export type Footing = "demo" | "paper" | "shadow" | "live";

/** A developer's desk is paper with loose caps; a canary is live with small ones. */
const FOOTINGS: { readonly [P in Profile]: Footing } = {
  demo: "demo",
  dev: "paper",
  paper: "paper",
  shadow: "shadow",
  canary: "live",
  live: "live",
};

export const footingOf = (profile: Profile): Footing => FOOTINGS[profile];

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
  /** As paper, with caps loose enough to see much happen. */
  dev: {
    products: "BTC-USD,ETH-USD",
    barSeconds: "60",
    fast: "5",
    slow: "20",
    orderUsd: "100",
    policyFile: "dev.yaml",
    openingCash: "10000.00",
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
  /** Real money, as little as tells something. */
  canary: {
    products: "BTC-USD",
    barSeconds: "60",
    fast: "9",
    slow: "21",
    orderUsd: "5",
    policyFile: "canary.yaml",
    openingCash: "1000.00",
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

/** Every setting the environment may carry, in the order of .env.example, with what it means. */
// Only names and words: reading and checking stand in env.ts and config.ts.

interface KeySpec {
  readonly about: string;
  readonly secret?: true;
}

export const KEYS = {
  PROFILE: { about: "demo, paper, shadow or live; --profile wins over it" },
  DESK_NAME: { about: "the name at the head of every message" },
  BOT_ENV_FILE: { about: "the one file to read settings from, instead of the usual places" },
  DEPLOY_ID: { about: "8 letters or digits at the head of our order ids" },
  PRODUCTS: { about: "what is traded, a comma list with one quote currency" },
  PRODUCT_ID: { about: "one product; another name for PRODUCTS" },
  BAR_SECONDS: { about: "length of a bar" },
  STRATEGY: { about: "ma-cross" },
  MA_FAST: { about: "bars in the fast average" },
  MA_SLOW: { about: "bars in the slow average" },
  ORDER_USD: { about: "worth of an entry" },
  ORDER_MIN_USD: { about: "smallest worth of an entry" },
  RISK_MODEL: { about: "worth of an entry: fixed, notional or stop_distance" },
  RISK_PER_TRADE_PCT: { about: "percent of equity for one entry; with it RISK_MODEL is notional" },
  VOL_RISK_ADJUST: { about: "true: entries are smaller while prices swing" },
  VOL_RISK_MAX: { about: "the most that calm prices may enlarge an entry by, 0.6 to 1.2" },
  FEE_RATE_PCT: { about: "taker fee of one side, where the venue cannot be asked" },
  ALLOW_NEGATIVE_EDGE: { about: "true: live starts though a take cannot pay its fees" },
  EXECUTION: { about: "how entries are executed: taker, maker or twap" },
  MAKER_REPRICE_BPS: { about: "a resting entry follows a bid that moved away by more than this" },
  MAKER_PATIENCE_SECONDS: { about: "how long an entry may rest, all of its orders together" },
  TWAP_MINUTES: { about: "how long the venue takes over an entry in parts" },
  TWAP_BUCKETS: { about: "how many parts" },
  ORDER_PREVIEW_ENABLED: { about: "true: the venue is asked for a preview before an entry leaves" },
  STOP_LOSS_PCT: { about: "sell when the price falls so far below the average; none for no stop" },
  TAKE_PROFIT_PCT: { about: "sell when the price rises so far above the average; none for none" },
  LONG_ONLY: { about: "true: a sale only closes what is held" },
  REGION: { about: "NY: only what may be traded from New York; none for no such list" },
  DRY_RUN: { about: "true: nothing real is sent" },
  ALLOW_UNGUARDED_LIVE: {
    about: "true: live is armed with another ORDER_MIN_USD or daily loss than guarded",
  },
  USD_EQUITY: { about: "opening cash of paper, or of shadow in place of the account's" },
  POLICY_FILE: { about: "the risk policy; the profile has one of its own" },
  DATA_DIR: { about: "where the desk keeps its files" },
  DATABASE_URL: { about: "postgres://…; without it the desk runs its own", secret: true },
  COINBASE_API_BASE: { about: "REST of the venue" },
  COINBASE_WS_URL: { about: "market data socket of the venue" },
  COINBASE_WS_USER_URL: { about: "account socket of the venue" },
  COINBASE_API_KEY: { about: "name of the API key", secret: true },
  COINBASE_API_KEY_NAME: { about: "another name for COINBASE_API_KEY", secret: true },
  ADV_API_KEY_ID: { about: "another name for COINBASE_API_KEY", secret: true },
  COINBASE_API_SECRET: { about: "private key of the API key", secret: true },
  COINBASE_API_PRIVATE_KEY: { about: "another name for COINBASE_API_SECRET", secret: true },
  ADV_API_KEY_SECRET: { about: "another name for COINBASE_API_SECRET", secret: true },
  COINBASE_KEY_FILE: { about: "the downloaded key as JSON, outside this folder" },
  COINBASE_KEY_COMMAND: { about: "a command that prints the key", secret: true },
  COINBASE_KEY_CREATED: { about: "the day the API key was made, YYYY-MM-DD" },
  STEP_UP_KEY: {
    about: "32 bytes in base64 that step-up.json is encrypted with; without it the desk makes one",
    secret: true,
  },
  PEOPLE_FILE: { about: "who may speak to the desk, and where it speaks" },
  TELEGRAM_BOT_TOKEN: { about: "opens Telegram; from @BotFather", secret: true },
  TELEGRAM_API_ROOT: { about: "the Bot API server" },
  TELEGRAM_WEBHOOK_URL: {
    about: "public https address ending in /telegram; without it the desk polls",
  },
  TELEGRAM_WEBHOOK_SECRET: { about: "sent along with every webhook request", secret: true },
  SLACK_BOT_TOKEN: { about: "opens Slack; xoxb-…", secret: true },
  SLACK_APP_TOKEN: { about: "Socket Mode; xapp-…", secret: true },
  SLACK_SIGNING_SECRET: { about: "without an app token: Slack calls us over HTTP", secret: true },
  SLACK_API_URL: { about: "the Web API" },
  SLACK_COMMAND: { about: "the one slash command" },
  HOOK_PORT: { about: "where webhooks and Slack's requests are taken, behind a proxy with TLS" },
  HOOK_HOST: { about: "address to take them on" },
  PORT: { about: "health, metrics and the admin pages; 0 takes any" },
  BIND_HOST: { about: "address to listen on" },
  ADMIN_TOKEN: {
    about: "bearer token of the admin pages; without it the desk makes one",
    secret: true,
  },
  ADMIN_TOKEN_FILE: { about: "a file that holds that token" },
  TIME_ZONE: { about: "IANA zone of the times people read" },
  LOG_LEVEL: { about: "debug, info, warn or error" },
} as const satisfies Record<string, KeySpec>;

export type Key = keyof typeof KEYS;

export const isKey = (word: string): word is Key => Object.hasOwn(KEYS, word);
export const isSecret = (key: Key): boolean => "secret" in KEYS[key];

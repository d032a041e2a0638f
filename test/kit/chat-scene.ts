/** A market, both chat platforms on loopback, a database, and the people who may speak. The desk itself is started by the test. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { searchFolder } from "./canaries.ts";
import { type TestDatabase, testDatabase } from "./database.ts";
import { type DeskMarket, openMarket, QUICK_POLICY, type Variables } from "./desk-market.ts";
import { SLACK_APP_TOKEN, SLACK_BOT_TOKEN, type SlackFake, slackFake, TEAM } from "./slack-fake.ts";
import { privateChat, supergroup, type TelegramFake, telegramFake, user } from "./telegram-fake.ts";

/** Ana has the role risk, Bo is an operator, Vic a viewer, Zoe one who never speaks; Eve is nobody. */
export const ANA = { telegram: user(1001, "Ana"), slack: "U0ANA" };
export const BO = { telegram: user(1002, "Bo"), slack: "U0BO" };
export const VIC = { telegram: user(1003, "Vic"), slack: "U0VIC" };
export const EVE = { telegram: user(6666, "Ana"), slack: "U0EVE" };

/** The rooms of both platforms where everything is heard. */
export const GROUP = supergroup(-1001000000001);
export const CHANNEL = "C0DESK";
/** Rooms that exist and are not ours. */
export const ELSEWHERE = { telegram: supergroup(-1001000000099), slack: "C0OTHER" };

export const PEOPLE = `people:
  ana: { name: Ana, role: risk, console: true, telegram: 1001, slack: ${TEAM}/U0ANA }
  bo: { name: Bo, role: operator, telegram: 1002, slack: ${TEAM}/U0BO }
  vic: { name: Vic, role: viewer, telegram: 1003, slack: ${TEAM}/U0VIC }
  zoe: { name: Zoe, role: viewer, telegram: 1004, slack: ${TEAM}/U0ZOE }
rooms:
  ops: { telegram: ${GROUP.id}, hears: [incidents, activity] }
  desk: { slack: ${CHANNEL}, hears: [incidents, activity] }
`;

export interface ChatScene extends AsyncDisposable {
  readonly market: DeskMarket;
  readonly telegram: TelegramFake;
  readonly slack: SlackFake;
  readonly made: TestDatabase;
  /** The environment of a desk that finds all of them. */
  readonly env: Variables;
}

export interface SceneOptions {
  /** Two losing trades in a row trip. */
  readonly trips?: boolean;
}

export async function chatScene({ trips = false }: SceneOptions = {}): Promise<ChatScene> {
  const market = await openMarket();
  const [telegram, slack, made] = await Promise.all([telegramFake(), slackFake(), testDatabase()]);
  for (const chat of [privateChat(ANA.telegram), privateChat(BO.telegram), GROUP]) {
    telegram.introduce(chat);
  }
  for (const { slack: id } of [ANA, BO, VIC, EVE]) slack.addUser(id, {});
  slack.addChannel(CHANNEL, { member: true });
  slack.addChannel(ELSEWHERE.slack, { member: true });
  const people = join(market.folder, "people.yaml");
  writeFileSync(people, PEOPLE, { mode: 0o600 });
  const policy = join(market.folder, "chat.yaml");
  const losses = trips ? "consecutive_losses: 2" : "consecutive_losses: 50";
  writeFileSync(policy, QUICK_POLICY.replace("consecutive_losses: 3", losses));
  return {
    market,
    telegram,
    slack,
    made,
    env: {
      ...market.env,
      DATABASE_URL: made.url,
      POLICY_FILE: policy,
      PEOPLE_FILE: people,
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.url,
      SLACK_BOT_TOKEN,
      SLACK_APP_TOKEN,
      SLACK_API_URL: slack.url,
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([telegram[Symbol.asyncDispose](), slack[Symbol.asyncDispose]()]);
      await made.close();
      searchFolder(market.folder);
      await market[Symbol.asyncDispose]();
    },
  };
}

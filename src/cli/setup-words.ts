/** How to get the tokens, step by step, for whoever has none yet. Words alone. */

export const TELEGRAM_TOKEN: readonly string[] = [
  "Telegram is not set up: TELEGRAM_BOT_TOKEN is not set.",
  "",
  "1. In Telegram, open a chat with @BotFather and send /newbot.",
  "2. Give the bot a name, e.g. My desk, and a username that ends in bot.",
  "3. BotFather answers with a token such as 123456789:AA…",
  "   Whoever has it can speak as your bot: keep it to yourself.",
  "4. Put it into the file .env in this folder, on a line of its own:",
  "     TELEGRAM_BOT_TOKEN=<the token>",
  "   and let nobody else read the file: chmod 600 .env",
  "5. Run this again: npm run setup -- telegram",
  "",
  "docs/chat.md tells it at more length.",
];

export const SLACK_TOKEN: readonly string[] = [
  "Slack is not set up: SLACK_BOT_TOKEN is not set.",
  "",
  "1. Open https://api.slack.com/apps, Create New App, From a manifest.",
  "   Choose your workspace and paste the whole of ops/slack-manifest.yaml.",
  "2. Install App: Install to Workspace, Allow.",
  "   Copy the Bot User OAuth Token, which begins with xoxb-",
  "3. Basic Information, App-Level Tokens, Generate:",
  "   any name, scope connections:write. It begins with xapp-",
  "   Whoever has these can speak as the desk: keep them to yourself.",
  "4. Put both into the file .env in this folder:",
  "     SLACK_BOT_TOKEN=<xoxb-…>",
  "     SLACK_APP_TOKEN=<xapp-…>",
  "   and let nobody else read the file: chmod 600 .env",
  "5. Run this again: npm run setup -- slack",
  "",
  "docs/chat.md tells it at more length.",
];

/** The platform in an address such as `telegram:4711`, and what people call it. */

export const platformOf = (address: string): string => address.slice(0, address.indexOf(":"));

const NAMES: ReadonlyMap<string, string> = new Map([
  ["coinbase", "Coinbase"],
  ["console", "Console"],
  ["http", "HTTP"],
  ["slack", "Slack"],
  ["telegram", "Telegram"],
]);

export const platformName = (platform: string): string => NAMES.get(platform) ?? platform;

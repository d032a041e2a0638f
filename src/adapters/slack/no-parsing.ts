/** What messages say to Slack: make nothing of the text that was not written as such, and fetch no link. */

export const UNPARSED = { parse: "none", link_names: false } as const;

/** For a new message, of which Slack would make more by itself. */
export const NO_PARSING = {
  ...UNPARSED,
  mrkdwn: false,
  unfurl_links: false,
  unfurl_media: false,
} as const;

/** THE one escaper for Slack's mrkdwn. Nothing else may put data into it. */
// Three signs can be escaped. The others cannot: text that holds one of those goes where nothing is markup (`isPlain`).

/** With this no mention, link or channel can be made by data. */
export const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Bold, italic, strike, code, a quote at the start of a line, `:name:`. */
const MARKUP = /[*_~`]|^\s*>|:(?:[a-z+-][\w+-]*|100|1234):/im;

/** True when nothing in it would be taken for markup. */
export const isPlain = (text: string): boolean => !MARKUP.test(text);

export const bold = (text: string): string => `*${escaped(text)}*`;

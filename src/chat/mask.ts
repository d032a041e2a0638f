/** A card for a room where amounts are nobody's business: sums and sizes are hidden, percentages, times and prices of a trade stay. */
// It reads what was written for people, so what it does not know for harmless it hides.
import type { Card } from "./card.ts";

const HIDDEN = "•••";

/** `$99 / $5,000`, `$120/$150`, `−$151.20 / −$150`: how much of it is a percentage. */
const RATIO = /[−-]?\$(\d[\d,]*(?:\.\d+)?)(?: ?\/ ?| of )[−-]?\$(\d[\d,]*(?:\.\d+)?)/g;
/** What has to be typed to approve is an amount, however it looks. */
const TYPED = /(\btyping |\/approve [A-Z0-9]{4,8} )(?!by\b)[^\s;]+/g;
/** Whatever stands around it; a price of a trade stays. */
const MONEY = /(@ )?[−+-]?\$\d[\d,]*(?:\.\d+)?/g;
const NUMBER =
  /(@ )?(?<![\w#:.,•/])([−+-]?\d[\d,]*(?:\.\d+)?)(?![\d:]|[./-]\d)(\s?%|\s(?:bp|s|min|h|d|ms)\b)?(\s(?:[A-Z]{2,10}|units)\b)?/g;
/** `BTC 3`: a size behind its currency. */
const SIZED = /(?<![A-Z/])([A-Z]{2,10}) [−-]?\d[\d,]*(?:\.\d+)?(?![\d:%.]|\s?%)/g;

export const hiddenIn = (text: string): string =>
  text
    .replace(RATIO, (_all, part: string, whole: string) => share(part, whole))
    .replace(MONEY, (all, at = "") => (at === "" ? HIDDEN : all))
    .replace(TYPED, `$1${HIDDEN}`)
    .replace(SIZED, (all, currency: string) =>
      WORDS.has(currency) ? all : `${currency} ${HIDDEN}`,
    )
    .replace(NUMBER, (all, at = "", number: string, unit = "", currency = "") => {
      if (unit !== "" || at !== "") return all;
      const isSize = currency !== "" && !WORDS.has(currency.trim());
      return isSize || /[.,−+-]/.test(number) ? `${HIDDEN}${currency}` : all;
    });

/** Words in capitals that stand beside counts. */
const WORDS: ReadonlySet<string> = new Set([
  ...["STAGE", "KILL", "KILLED", "LIVE", "CANARY", "PAPER", "SHADOW", "DEMO", "RAISE", "RESTORE"],
  ...["UTC", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT", "GMT", "CET", "CEST", "BST"],
  ...["AM", "PM", "P0", "P1", "BUY", "SELL", "SECURITY", "INCIDENT"],
]);

function share(part: string, whole: string): string {
  const [a, b] = [part, whole].map((figure) => Number(figure.replaceAll(",", "")));
  return a === undefined || !b ? HIDDEN : `${Math.round((100 * a) / b)}%`;
}

export function maskedCard(card: Card): Card {
  const { picture: _, ...rest } = card;
  return {
    ...rest,
    headline: hiddenIn(card.headline),
    lines: card.lines.map(hiddenIn),
    buttons: card.buttons.map((button) => ({ ...button, label: hiddenIn(button.label) })),
  };
}

/** As it is shown in a room. */
export const cardFor = (card: Card, room: { readonly masked?: boolean } | undefined): Card =>
  room?.masked === true ? maskedCard(card) : card;

/** A card as one text, the same for the same card wherever it was kept: what somebody saw is told by the hash of this. */
import type { Button, Card } from "./card.ts";

/** How many hex digits of the SHA-256 tell one card from another. */
export const SEEN_DIGITS = 16;

/** Without mode, desk name and picture; a database may give the fields back in any order. */
export const cardText = ({ headline, lines, mark, buttons, event }: Card): string =>
  JSON.stringify([headline, lines, mark, buttons.map(buttonText), event]);

const buttonText = ({ label, line, danger, answers }: Button): readonly unknown[] => [
  label,
  line,
  danger,
  answers ? [answers.confirmation, answers.verb] : null,
];

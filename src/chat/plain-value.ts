/** A figure as people type it, as plain text. What could be read in two ways is left as it was typed, for the check to refuse. */

const GROUPED = /^\d{1,3}(,\d{3})+(\.\d+)?$/;

/** `$1,200` → `1200`, `NONE` → `none`, `1,2` stays. */
export function plainValue(shown: string): string {
  const bare = shown.replace(/^\$/, "").toLowerCase();
  return GROUPED.test(bare) ? bare.replaceAll(",", "") : bare;
}

/** Also without zeros that change nothing: `$2,500.00` → `2500`. */
export function shortestValue(shown: string): string {
  const plain = plainValue(shown);
  return /^\d+\.\d+$/.test(plain) ? plain.replace(/\.?0+$/, "") : plain;
}

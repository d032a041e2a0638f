/** Numbers written with an exponent ("1e-7") as plain decimals, digit by digit; every other text stays as it is. */
// What the text is worth is the readers' business; no float is made of it.

const WITH_EXPONENT = /^([+-]?)(\d+)(?:\.(\d*))?[eE]([+-]?\d{1,3})$/;
/** Beyond so many places it is no amount. */
const FARTHEST = 40;

export function plainDecimal(text: string): string {
  const match = WITH_EXPONENT.exec(text);
  if (!match) return text;
  const [, sign = "", whole = "", places = "", exponent = ""] = match;
  const shift = Number(exponent);
  if (Math.abs(shift) > FARTHEST) return text;
  const digits = `${"0".repeat(Math.max(0, -shift))}${whole}${places}${"0".repeat(Math.max(0, shift))}`;
  const point = Math.max(0, -shift) + whole.length + shift;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`.replace(/\.$/, "");
}

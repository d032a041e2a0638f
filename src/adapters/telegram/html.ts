/** The one escaper: whatever is put into Telegram's HTML passes through here, after it was cut and never before. */

const NAMES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" } as const;

const nameOf = (sign: string): string =>
  sign === "&" || sign === "<" || sign === ">" || sign === '"' ? NAMES[sign] : sign;

/** Good for text and for attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, nameOf);

export const bold = (text: string): string => `<b>${escapeHtml(text)}</b>`;

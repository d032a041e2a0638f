/**
 * Text as the database can hold it. Postgres has no NUL character and no half of a surrogate pair; one event that held
 * such a thing would otherwise stop the desk for good. It must change nothing else.
 */

/** In the text of a JSON document: such an escape becomes the replacement character. */
export function storableJson(json: string): string {
  if (!json.includes("\\u")) return json;
  return json.replace(/\\(?:u0000|u[dD][89a-fA-F][0-9a-fA-F]{2}|.)/g, (found) =>
    found.length === 2 ? found : "\\ufffd",
  );
}

/** In plain text. Halves of surrogate pairs are replaced by the encoding to UTF-8 itself. */
export const storableText = (text: string): string => text.replaceAll("\0", "\ufffd");

/** What people wrote in Slack, as the line they meant. Slack's own forms for links, mentions and signs are undone here. */
// Curly quotes and long dashes stay: whoever reads the line knows them.

const MENTION = /^\s*<@([A-Z0-9]+)(?:\|[^<>]*)?>[\s,:]*/;
const FORM = /<([^<>|]*)(?:\|([^<>]*))?>/g;

/** `<https://x|text>` → `text`, `<#C1|ops>` → `#ops`, `&lt;` → `<`; people and groups that are mentioned are left out. */
export function plain(text: string): string {
  return text
    .replace(FORM, (_whole, target: string, label: string | undefined) => {
      if (target.startsWith("@") || target.startsWith("!")) return "";
      if (target.startsWith("#")) return label ? `#${label}` : target;
      return label || target;
    })
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .trim();
}

/** `status x`, `/status x` → `/status x`; nothing at all asks for help. */
export function command(text: string): string {
  const line = plain(text).replace(/^[/\s]+/, "");
  return line === "" ? "/help" : `/${line}`;
}

/** The text after a mention of us that stands first, or null. `us` null: any mention. */
export function afterMention(text: string, us: string | null): string | null {
  const match = MENTION.exec(text);
  if (match === null || (us !== null && match[1] !== us)) return null;
  return text.slice(match[0].length);
}

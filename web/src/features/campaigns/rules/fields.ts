/** Merge fields in a text: `{{ contact.first_name | default: "there" }}`. */

/** A quote would end the fallback early; the template language has no escape for it, so a typographic one stands in. */
const quoted = (fallback: string): string => `"${fallback.replaceAll('"', "”").replace(/[{}]/g, "")}"`;

export const fieldText = (key: string, fallback: string): string => (fallback === "" ? `{{ ${key} }}` : `{{ ${key} | default: ${quoted(fallback)} }}`);

const escaped = (key: string): string => key.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The text with a fallback wherever the field stands without one; an attribute may be written `contact.city` for short. */
export function withFallback(text: string, key: string, fallback: string): string {
  const short = key.replace("contact.attributes.", "contact.");
  const bare = new RegExp(`\\{\\{-?\\s*(${escaped(key)}|${escaped(short)})\\s*-?\\}\\}`, "g");
  return text.replace(bare, (_whole, written: string) => fieldText(written, fallback));
}

/** Puts `piece` where the cursor was; returns the text and where the cursor is then. */
export function inserted(text: string, from: number, to: number, piece: string): { text: string; at: number } {
  return { text: text.slice(0, from) + piece + text.slice(to), at: from + piece.length };
}

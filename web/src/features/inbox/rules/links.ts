/** Web addresses within a text. The text stays data: only http and https become links, everything else is shown as written. */

export type Piece = { kind: "text"; text: string } | { kind: "link"; text: string; href: string };

const ADDRESS = /\bhttps?:\/\/[^\s<>"'\u2018-\u201f\u060c\u061b\u061f]+/giu;

/** Punctuation that ends the sentence and not the address; a closing bracket belongs to it only when it was opened in it. */
const TRAILING = /[.,;:!?…)\]}»]$/u;
const OPENING: Record<string, string> = { ")": "(", "]": "[", "}": "{" };

export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const shown = trimmed(match[0]);
    const href = safe(shown);
    if (href === null) continue;
    if (match.index > from) found.push({ kind: "text", text: text.slice(from, match.index) });
    found.push({ kind: "link", text: shown, href });
    from = match.index + shown.length;
  }
  if (from < text.length) found.push({ kind: "text", text: text.slice(from) });
  return found;
}

function trimmed(address: string): string {
  let text = address;
  while (TRAILING.test(text)) {
    const last = text.slice(-1);
    const opening = OPENING[last];
    if (opening && count(text, opening) >= count(text, last)) return text;
    text = text.slice(0, -1);
  }
  return text;
}

const count = (text: string, letter: string): number => text.split(letter).length - 1;

/** The address as the browser reads it; null for one that only looks like one, or that hides another host behind an @. */
function safe(address: string): string | null {
  try {
    const url = new URL(address);
    const honest = url.username === "" && url.password === "" && url.hostname !== "";
    return honest && (url.protocol === "http:" || url.protocol === "https:") ? url.href : null;
  } catch {
    return null; // "http://" alone and its like
  }
}

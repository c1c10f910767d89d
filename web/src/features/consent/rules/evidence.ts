/** Marks the words in a text that made us think of a wish to leave; they come as they were read, without accents and capitals. */

export interface Piece {
  text: string;
  marked: boolean;
}

const WORD = /[\p{L}\p{M}\p{N}'’]+/gu;

/** `Arrêtez` and `arretez` are one word here. */
const plain = (word: string): string =>
  word
    .normalize("NFKD")
    .replace(/\p{M}|['’ـ]/gu, "")
    .replace(/[أإآٱ]/gu, "ا")
    .toLocaleLowerCase();

const wordsOf = (text: string): string[] => [...text.matchAll(WORD)].map(([word]) => plain(word));

export function marked(text: string, evidence: readonly string[]): Piece[] {
  const wanted = new Set(evidence.flatMap(wordsOf));
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(WORD)) {
    if (!wanted.has(plain(match[0]))) continue;
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), marked: false });
    pieces.push({ text: match[0], marked: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), marked: false });
  return pieces;
}

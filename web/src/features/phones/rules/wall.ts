/** What a live note does to the wall: the phones named move to the front, their texts are put in or get a new state. */
import type { InfiniteData } from "@tanstack/react-query";
import type { Page } from "@/lib/paging";
import type { Note, Phone, PhoneText, PhoneWithTexts } from "../api/types";

export type Wall = InfiniteData<Page<Phone>, unknown>;

type Changed = Note["phones"][number];

const summaryOf = ({ address, sender, texts, last }: Changed, known: Phone | undefined): Phone => ({ address, sender, texts, last, ...(known?.persona && { persona: known.persona }) });

export function moveToFront(wall: Wall, changed: readonly Changed[]): Wall {
  const first = wall.pages[0];
  if (!first) return wall;
  const known = new Map(wall.pages.flatMap((page) => page.items).map((phone) => [phone.address, phone]));
  const moved = new Set(changed.map((phone) => phone.address));
  const latestFirst = changed.toSorted((a, b) => (b.last?.at ?? 0) - (a.last?.at ?? 0)).map((phone) => summaryOf(phone, known.get(phone.address)));
  const rest = wall.pages.map((page) => ({ ...page, items: page.items.filter((phone) => !moved.has(phone.address)) }));
  return { ...wall, pages: rest.map((page, index) => (index === 0 ? { ...page, items: [...latestFirst, ...page.items] } : page)) };
}

export function withChanged(phone: PhoneWithTexts, changed: Changed): PhoneWithTexts {
  const newer = new Map(changed.changed.map((text) => [text.id, text]));
  const kept = phone.texts.map((text) => newer.get(text.id) ?? text);
  const known = new Set(phone.texts.map((text) => text.id));
  const added = changed.changed.filter((text) => !known.has(text.id));
  return { ...phone, sender: changed.sender, last: changed.last, texts: [...kept, ...added].toSorted(byNumber) };
}

const byNumber = (a: PhoneText, b: PhoneText): number => Number(a.id) - Number(b.id);

/** A number as typed, with Arabic-Indic digits or spaces, as the simulator wants it: digits only. */
export function digitsOf(typed: string): string {
  const latin = typed.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 0xf));
  return latin.replace(/^\s*00/, "").replace(/\D/g, "");
}

/** What the simulator takes as the number of a phone. */
export const isNumber = (digits: string): boolean => /^\d{3,20}$/.test(digits);

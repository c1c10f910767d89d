/** Cached pages of conversations and messages, changed in place when a live event tells of one of them. */
import type { InfiniteData } from "@tanstack/react-query";
import type { Page } from "@/lib/paging";
import type { Conversation, Message } from "../api/types";

export type Pages<T> = InfiniteData<Page<T>, unknown>;

type Identified = { id: string };

export const flat = <T>(pages: Pages<T> | undefined): T[] => pages?.pages.flatMap((page) => page.items) ?? [];

const mapPages = <T>(pages: Pages<T>, change: (items: T[], index: number) => T[]): Pages<T> => ({
  ...pages,
  pages: pages.pages.map((page, index) => ({ ...page, items: change(page.items, index) })),
});

const without = <T extends Identified>(pages: Pages<T>, id: string): Pages<T> => mapPages(pages, (items) => items.filter((item) => item.id !== id));

/**
 * Puts a changed conversation where it belongs: newest on top.
 * `belongs` null keeps it where it stands. One that sorts below everything loaded is left to the next page.
 */
export function placeConversation(pages: Pages<Conversation>, changed: Conversation, belongs: boolean | null): Pages<Conversation> {
  const known = flat(pages).find((one) => one.id === changed.id);
  if (known && known.version > changed.version) return pages; // an older answer came late
  if (belongs === false) return without(pages, changed.id);
  if (belongs === null && !known) return pages;
  if (known && known.last_at === changed.last_at) return mapPages(pages, (items) => items.map((one) => (one.id === changed.id ? changed : one)));
  return insert(without(pages, changed.id), changed);
}

function insert(pages: Pages<Conversation>, changed: Conversation): Pages<Conversation> {
  const isLast = pages.pages.at(-1)?.next === null;
  let placed = false;
  const result = mapPages(pages, (items) => {
    if (placed) return items;
    const at = items.findIndex((one) => Date.parse(one.last_at) <= Date.parse(changed.last_at));
    if (at === -1) return items;
    placed = true;
    return [...items.slice(0, at), changed, ...items.slice(at)];
  });
  if (placed || !isLast) return result;
  return mapPages(result, (items, index) => (index === result.pages.length - 1 ? [...items, changed] : items));
}

/** Ids are made in the order of time, so the newest message has the greatest; pages hold the newest first. */
export function placeMessage(pages: Pages<Message>, changed: Message): Pages<Message> {
  if (flat(pages).some((one) => one.id === changed.id)) return patchMessages(pages, [changed]);
  const isLast = pages.pages.at(-1)?.next === null;
  let placed = false;
  const result = mapPages(pages, (items) => {
    const at = placed ? -1 : items.findIndex((one) => one.id < changed.id);
    if (at === -1) return items;
    placed = true;
    return [...items.slice(0, at), changed, ...items.slice(at)];
  });
  if (placed || !isLast) return result;
  return mapPages(result, (items, index) => (index === result.pages.length - 1 ? [...items, changed] : items));
}

/** Newer facts about messages that are on screen; a late answer never takes a tick back. */
export function patchMessages(pages: Pages<Message>, changed: readonly Message[]): Pages<Message> {
  const byId = new Map(changed.map((message) => [message.id, message]));
  return mapPages(pages, (items) => items.map((one) => newer(one, byId.get(one.id))));
}

/** Two moves of one batch happen at one time: then the word that comes later in a message's life is the newer. */
const LATER: Record<Message["shown"], number> = { received: 0, waiting: 0, sent: 1, not_sent: 2, not_delivered: 2, delivered: 3, read: 4 };

function newer(known: Message, changed: Message | undefined): Message {
  if (!changed) return known;
  const later = Date.parse(changed.status_at) - Date.parse(known.status_at) || LATER[changed.shown] - LATER[known.shown];
  return later >= 0 ? changed : known;
}

/** Back to the newest page, so that coming back to a long thread does not fetch all of it again. */
export const onlyNewest = <T>(pages: Pages<T> | undefined): Pages<T> | undefined =>
  pages && pages.pages.length > 1 ? { pages: pages.pages.slice(0, 1), pageParams: pages.pageParams.slice(0, 1) } : pages;

/** One changed conversation or message into every cached list that shows it. */
import type { QueryClient } from "@tanstack/react-query";
import { ME_KEY, type Me } from "@/lib/session";
import type { Conversation, Inbox, Message } from "../api/types";
import { belongs, type Filters } from "../rules/filters";
import { flat, patchMessages, placeConversation, placeMessage, type Pages } from "../rules/pages";

export const INBOXES = ["inboxes"] as const;
export const CONVERSATION_LISTS = ["conversations", "list"] as const;
export const conversationKey = (id: string) => ["conversations", "one", id] as const;
export const listKey = (filters: Filters) => [...CONVERSATION_LISTS, filters] as const;
export const composerKey = (id: string) => ["conversations", "composer", id] as const;
export const THREADS = ["threads"] as const;
export const threadKey = (conversation: string) => [...THREADS, conversation] as const;

export function keepConversation(queries: QueryClient, conversation: Conversation): void {
  const me = queries.getQueryData<Me>(ME_KEY)?.user.id ?? "";
  queries.setQueryData<Conversation>(conversationKey(conversation.id), (known) => (known && known.version > conversation.version ? known : conversation));
  for (const [key, pages] of queries.getQueriesData<Pages<Conversation>>({ queryKey: CONVERSATION_LISTS })) {
    if (pages) queries.setQueryData(key, placeConversation(pages, conversation, belongs(conversation, key[2] as Filters, me)));
  }
}

export function keepMessage(queries: QueryClient, message: Message): void {
  if (message.conversation_id === null) return;
  queries.setQueryData<Pages<Message>>(threadKey(message.conversation_id), (pages) => pages && placeMessage(pages, message));
}

/** New facts on messages wherever they show: in threads, and as the last word in the list. */
export function patchEverywhere(queries: QueryClient, changed: readonly Message[]): void {
  queries.setQueriesData<Pages<Message>>({ queryKey: THREADS }, (pages) => pages && patchMessages(pages, changed));
  const shown = new Map(changed.map((message) => [message.id, message]));
  const withTick = (one: Conversation): Conversation => {
    const message = one.last_message && shown.get(one.last_message.id);
    return message && one.last_message ? { ...one, last_message: { ...one.last_message, status: message.status, shown: message.shown } } : one;
  };
  queries.setQueriesData<Pages<Conversation>>({ queryKey: CONVERSATION_LISTS }, (pages) =>
    pages && { ...pages, pages: pages.pages.map((page) => ({ ...page, items: page.items.map(withTick) })) },
  );
}

export const messagesOnScreen = (queries: QueryClient): Message[] =>
  queries.getQueriesData<Pages<Message>>({ queryKey: THREADS }).flatMap(([, pages]) => flat(pages));

/** Takes `by` off the unread count of an inbox before the server says so. */
export function countRead(queries: QueryClient, conversation: Conversation): void {
  queries.setQueryData<{ items: Inbox[] }>(INBOXES, (known) =>
    known && { items: known.items.map((inbox) => (inbox.id === conversation.inbox_id ? { ...inbox, unread: Math.max(0, inbox.unread - conversation.unread) } : inbox)) },
  );
}

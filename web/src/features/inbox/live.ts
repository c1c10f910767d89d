/** What live events make of the inbox: the thing that changed is fetched and put in its place, not the whole list again. */
import type { QueryClient } from "@tanstack/react-query";
import { Gathering } from "@/lib/gathering";
import type { LiveEvent } from "@/lib/live";
import { fetchConversation } from "./api/conversations";
import { fetchMessage } from "./api/messages";
import { composerKey, CONVERSATION_LISTS, INBOXES, keepConversation, keepMessage, messagesOnScreen, patchEverywhere, THREADS, threadKey } from "./hooks/cache";
import { isSendingIn } from "./rules/sending";

/** Events come in bursts (a campaign's replies): they are answered together after this pause. */
const PAUSE_MS = 40;
/** Beyond so many at once, one look at the first page is cheaper than one at each. */
const MANY = 15;
/** The unread counts, and all that is on screen when a program has texted many, are asked for at most this often. */
const COUNT_MS = 400;

interface Work {
  conversations: Gathering;
  messages: Gathering;
  counts: Gathering;
  crowds: Gathering;
}

const work = new WeakMap<QueryClient, Work>();

function workOf(queries: QueryClient): Work {
  const known = work.get(queries);
  if (known) return known;
  const made = {
    conversations: new Gathering(PAUSE_MS, (ids) => refreshConversations(queries, ids)),
    messages: new Gathering(PAUSE_MS, (ids) => refreshMessages(queries, ids)),
    counts: new Gathering(COUNT_MS, () => queries.invalidateQueries({ queryKey: INBOXES })),
    crowds: new Gathering(COUNT_MS, () => Promise.all([["conversations"], THREADS, INBOXES].map((queryKey) => queries.invalidateQueries({ queryKey })))),
  };
  work.set(queries, made);
  return made;
}

/** `message.*`, `conversation.*`, and what a campaign or a contact does to a thread on screen. */
export function inboxLive(event: LiveEvent, queries: QueryClient): void {
  const { conversations, messages, counts, crowds } = workOf(queries);
  switch (event.kind) {
    case "message.received":
    case "message.sent":
      conversations.add(event.subject_id);
      counts.add("");
      if (typeof event.message_id === "string" && isLoaded(queries, event.subject_id)) messages.add(event.message_id);
      return;
    case "conversation.updated":
      conversations.add(event.subject_id);
      counts.add("");
      return;
    case "conversations.changed":
      crowds.add("");
      return;
    case "message.updated":
      moved(queries, Object.keys((event.messages as object | undefined) ?? {}), messages);
      return;
    case "campaign.updated":
      // A campaign's own messages are not announced one by one.
      for (const message of messagesOnScreen(queries)) if (message.campaign_id === event.subject_id && isMoving(message)) messages.add(message.id);
      return;
    case "contact.updated":
    case "channel.updated":
      void queries.invalidateQueries({ queryKey: ["conversations", "composer"] });
      return;
  }
}

/** Threads that are not loaded are fetched when they are opened. */
const isLoaded = (queries: QueryClient, conversation: string): boolean => queries.getQueryData(threadKey(conversation)) !== undefined;

/**
 * Messages have moved. A thread that is being fetched at this moment may not hold them yet, or its answer, asked for before they moved, is about
 * to overwrite what we know: looked at once more when it has come. Without that a tick that moves while a thread opens stands still for good.
 */
function moved(queries: QueryClient, ids: readonly string[], messages: Gathering): void {
  const look = () => onScreen(queries, ids).forEach((id) => messages.add(id));
  look();
  const coming = queries.getQueryCache().findAll({ queryKey: THREADS, fetchStatus: "fetching" });
  if (coming.length > 0) void Promise.allSettled(coming.map((thread) => thread.promise)).then(look);
}

const isMoving = ({ shown }: { shown: string }): boolean => shown === "waiting" || shown === "sent" || shown === "delivered";

function onScreen(queries: QueryClient, ids: readonly string[]): string[] {
  const here = new Set(messagesOnScreen(queries).map((message) => message.id));
  return ids.filter((id) => here.has(id));
}

async function refreshConversations(queries: QueryClient, ids: readonly string[]): Promise<void> {
  const isShown = queries.getQueryCache().findAll({ queryKey: CONVERSATION_LISTS, type: "active" }).length > 0;
  // Nobody looks, or too many changed: whoever looks next, or now, gets the list afresh.
  if (!isShown || ids.length > MANY) return queries.invalidateQueries({ queryKey: ["conversations"] });
  for (const conversation of await arrived(ids.map((id) => fetchConversation(id)))) keepConversation(queries, conversation);
  for (const id of ids) void queries.invalidateQueries({ queryKey: composerKey(id) });
}

async function refreshMessages(queries: QueryClient, ids: readonly string[]): Promise<void> {
  if (ids.length > MANY) return queries.invalidateQueries({ queryKey: THREADS });
  for (const message of await arrived(ids.map((id) => fetchMessage(id)))) {
    const isOwn = message.direction === "out" && message.conversation_id !== null && isSendingIn(message.conversation_id);
    // What belongs to no conversation (a campaign's text, an earlier notice) moves in the thread that shows it.
    if (message.conversation_id !== null && !isOwn) keepMessage(queries, message);
    patchEverywhere(queries, [message]);
  }
}

/** Those that came; one that did not (removed, or out of reach) is caught up with by the next event or a reset. */
async function arrived<T>(asked: readonly Promise<T>[]): Promise<T[]> {
  const answers = await Promise.allSettled(asked);
  return answers.filter((answer) => answer.status === "fulfilled").map((answer) => answer.value);
}

import { describe, expect, test } from "vitest";
import type { Conversation, Message } from "../api/types";
import { flat, onlyNewest, patchMessages, placeConversation, placeMessage, type Pages } from "./pages";

/** The given minute; whole seconds come without a fraction, as the server writes them. */
const at = (minute: number): string => `2026-11-22T10:${String(minute).padStart(2, "0")}:00Z`;

const conversation = (id: string, minute: number, more: Partial<Conversation> = {}): Conversation => ({
  id,
  inbox_id: "i",
  contact: { id: `c-${id}`, name: id, address: "+30", stopped: false },
  status: "open",
  assignee: null,
  unread: 0,
  last_message: null,
  last_at: at(minute),
  version: 1,
  ...more,
});

const message = (id: string, more: Partial<Message> = {}): Message => ({ id, text: id, status: "queued", shown: "waiting", status_at: at(1), ...more }) as Message;

const pagesOf = <T>(next: string | null, ...pages: T[][]): Pages<T> => ({
  pages: pages.map((items, index) => ({ items, next: index === pages.length - 1 ? next : "more" })),
  pageParams: pages.map(() => null),
});

const ids = (pages: Pages<{ id: string }>): string[] => flat(pages).map((one) => one.id);

describe("placeConversation", () => {
  const list = () => pagesOf<Conversation>(null, [conversation("a", 9), conversation("b", 7)], [conversation("c", 5)]);

  test.each<[string, Conversation, boolean | null, string[]]>([
    ["a new text moves it to the top", conversation("c", 10), true, ["c", "a", "b"]],
    ["a new one goes where its time says", conversation("n", 8), true, ["a", "n", "b", "c"]],
    ["the oldest of all goes to the end of a list that is all here", conversation("n", 1), true, ["a", "b", "c", "n"]],
    ["what no longer belongs goes", conversation("b", 7), false, ["a", "c"]],
    ["where only the server can tell, the known one stays", conversation("b", 7, { unread: 0 }), null, ["a", "b", "c"]],
    ["where only the server can tell, a new one is not put in", conversation("n", 8), null, ["a", "b", "c"]],
  ])("%s", (_name, changed, belongs, expected) => {
    expect(ids(placeConversation(list(), changed, belongs))).toEqual(expected);
  });

  test("below what is loaded it waits for its page", () => {
    const unfinished = pagesOf<Conversation>("more", [conversation("a", 9)]);
    expect(ids(placeConversation(unfinished, conversation("n", 1), true))).toEqual(["a"]);
  });

  test("an older answer that comes late changes nothing", () => {
    const known = pagesOf(null, [conversation("a", 9, { version: 3, unread: 0 })]);
    expect(placeConversation(known, conversation("a", 8, { version: 2, unread: 4 }), true)).toBe(known);
  });
});

describe("messages", () => {
  test("of two moves at one time the later word stays, whichever answer comes last", () => {
    const sent = message("1", { status: "accepted", shown: "sent", status_at: at(2) });
    const delivered = message("1", { status: "delivered", shown: "delivered", status_at: at(2) });
    expect(flat(patchMessages(pagesOf(null, [sent]), [delivered]))[0]?.shown).toBe("delivered");
    expect(flat(patchMessages(pagesOf(null, [delivered]), [sent]))[0]?.shown).toBe("delivered");
  });

  test("a new one comes first, a late one into its place, a known one once", () => {
    const thread = pagesOf(null, [message("5"), message("3")], [message("1")]);
    expect(ids(placeMessage(thread, message("6")))).toEqual(["6", "5", "3", "1"]);
    expect(ids(placeMessage(thread, message("4")))).toEqual(["5", "4", "3", "1"]);
    expect(ids(placeMessage(thread, message("0")))).toEqual(["5", "3", "1", "0"]);
    expect(ids(placeMessage(thread, message("3", { status_at: at(2) })))).toEqual(["5", "3", "1"]);
  });

  test("the first message of an empty thread", () => {
    expect(ids(placeMessage(pagesOf<Message>(null, []), message("1")))).toEqual(["1"]);
  });

  test("ticks never go back", () => {
    const thread = pagesOf(null, [message("1", { shown: "delivered", status_at: "2026-11-22T10:05:00.250Z" })]);
    expect(flat(patchMessages(thread, [message("1", { shown: "sent", status_at: "2026-11-22T10:05:00Z" })]))[0]?.shown).toBe("delivered");
    expect(flat(patchMessages(thread, [message("1", { shown: "read", status_at: "2026-11-22T10:05:00.500Z" })]))[0]?.shown).toBe("read");
  });
});

test("onlyNewest keeps the first page", () => {
  expect(ids(onlyNewest(pagesOf(null, [message("2")], [message("1")])) as Pages<Message>)).toEqual(["2"]);
});

import { QueryClient } from "@tanstack/react-query";
import { beforeEach, expect, test, vi } from "vitest";
import type { Message } from "./api/types";
import { threadKey } from "./hooks/cache";
import { inboxLive } from "./live";
import { flat, type Pages } from "./rules/pages";

const fetchMessage = vi.hoisted(() => vi.fn());
vi.mock("./api/messages", () => ({ fetchMessage }));

const message = (shown: string, second: number) =>
  ({ id: "m", conversation_id: "c", direction: "out", campaign_id: null, text: "Hello", status: shown, shown, status_at: `2026-11-22T10:00:0${second}Z` }) as unknown as Message;
const page = (one: Message): Pages<Message> => ({ pages: [{ items: [one], next: null }], pageParams: [null] });
const delivered = { kind: "message.updated", subject_id: "p", messages: { m: 80 } } as never;

let queries: QueryClient;
let answer: (pages: Pages<Message>) => void;

/** A thread that is being fetched, as when it opens or is looked at again. */
function opening(): Promise<unknown> {
  return queries.fetchQuery({ queryKey: threadKey("c"), queryFn: () => new Promise<Pages<Message>>((resolve) => (answer = resolve)), staleTime: 0 });
}

const tick = () => flat(queries.getQueryData<Pages<Message>>(threadKey("c")))[0]?.shown;

beforeEach(() => {
  queries = new QueryClient();
  fetchMessage.mockReset().mockResolvedValue(message("delivered", 2));
});

test("a tick that moves while its thread opens is not lost", async () => {
  const opened = opening();
  inboxLive(delivered, queries);
  answer(page(message("sent", 1))); // asked for before it was delivered
  await opened;
  await vi.waitFor(() => expect(tick()).toBe("delivered"));
});

test("a thread fetched before the move does not take the tick back", async () => {
  queries.setQueryData(threadKey("c"), page(message("sent", 1)));
  const opened = opening();
  inboxLive(delivered, queries);
  await vi.waitFor(() => expect(tick()).toBe("delivered"));
  answer(page(message("sent", 1)));
  await opened;
  await vi.waitFor(() => expect(tick()).toBe("delivered"));
});

test("texts to many by a program are looked up together, once", async () => {
  const fetch = vi.fn().mockResolvedValue(page(message("sent", 1)));
  const { QueryObserver } = await import("@tanstack/react-query");
  const unwatch = new QueryObserver(queries, { queryKey: threadKey("c"), queryFn: fetch, staleTime: Infinity }).subscribe(() => undefined);
  await vi.waitFor(() => expect(fetch).toHaveBeenCalledTimes(1));
  for (let commit = 0; commit < 5; commit += 1) inboxLive({ kind: "conversations.changed", subject_id: "w" }, queries);
  await vi.waitFor(() => expect(fetch).toHaveBeenCalledTimes(2));
  unwatch();
});

test("a text of no conversation moves in the thread that shows it", async () => {
  const offer = (shown: string, second: number) => ({ ...message(shown, second), conversation_id: null }) as Message;
  fetchMessage.mockResolvedValue(offer("delivered", 2));
  queries.setQueryData(threadKey("c"), page(offer("sent", 1)));
  inboxLive(delivered, queries);
  await vi.waitFor(() => expect(tick()).toBe("delivered"));
});

import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { fetchConversation, fetchConversations } from "../api/conversations";
import { fetchInboxes } from "../api/inboxes";
import type { Conversation } from "../api/types";
import { queryOf, type Filters } from "../rules/filters";
import { flat, type Pages } from "../rules/pages";
import { conversationKey, CONVERSATION_LISTS, INBOXES, listKey } from "./cache";

export function useConversations(filters: Filters) {
  const query = useInfiniteQuery({
    queryKey: listKey(filters),
    queryFn: ({ pageParam, signal }) => fetchConversations(queryOf(filters), pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    staleTime: filters.view === "unread" ? 0 : undefined,
  });
  return { ...query, conversations: flat(query.data) };
}

/** One conversation; while it loads, what the list already says of it. */
export function useConversation(id: string) {
  const queries = useQueryClient();
  const fromList = () =>
    queries
      .getQueriesData<Pages<Conversation>>({ queryKey: CONVERSATION_LISTS })
      .flatMap(([, pages]) => flat(pages))
      .find((one) => one.id === id);
  return useQuery<Conversation>({ queryKey: conversationKey(id), queryFn: ({ signal }) => fetchConversation(id, signal), placeholderData: fromList });
}

export const useInboxes = () => useQuery({ queryKey: INBOXES, queryFn: fetchInboxes }).data?.items ?? [];

/** For the badge at the navigation. */
export const useUnreadTotal = (): number => useInboxes().reduce((sum, inbox) => sum + inbox.unread, 0);

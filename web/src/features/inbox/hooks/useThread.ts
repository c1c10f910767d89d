import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { fetchMessages, sendText } from "../api/messages";
import { fetchCampaignName, fetchMembers } from "../api/people";
import type { Message } from "../api/types";
import { flat, onlyNewest, type Pages } from "../rules/pages";
import { addSending, markSending, removeSending, type Sending } from "../rules/sending";
import { keepMessage, threadKey } from "./cache";

/** The messages of a conversation, newest first, older ones on demand. */
export function useThread(conversation: string) {
  const queries = useQueryClient();
  useEffect(() => () => void queries.setQueryData<Pages<Message>>(threadKey(conversation), onlyNewest), [conversation, queries]);
  const query = useInfiniteQuery({
    queryKey: threadKey(conversation),
    queryFn: ({ pageParam, signal }) => fetchMessages(conversation, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    staleTime: 5_000,
  });
  return { ...query, messages: flat(query.data) };
}

/** Sends texts of a conversation: shown at once, the real message takes the place when the server has it. */
export function useSend(conversation: string) {
  const queries = useQueryClient();

  const deliver = async ({ key, text }: Sending): Promise<void> => {
    const message = await sendText(conversation, text, key).catch((error: unknown) => markSending(key, error));
    if (!message) return;
    keepMessage(queries, { ...message, conversation_id: message.conversation_id ?? conversation });
    removeSending(key);
    await catchUp();
  };

  /** What live events held back while the answer was awaited (another person's text, perhaps). */
  const catchUp = async (): Promise<void> => {
    const newest = await fetchMessages(conversation, null).catch(() => null); // the next event or reset catches up as well
    for (const message of newest?.items ?? []) keepMessage(queries, message);
  };

  return {
    send: (text: string) => {
      const sending: Sending = { key: crypto.randomUUID(), conversation, text, at: new Date(), error: null };
      addSending(sending);
      void deliver(sending);
    },
    retry: (sending: Sending) => {
      markSending(sending.key, null);
      void deliver(sending);
    },
    discard: (sending: Sending) => removeSending(sending.key),
  };
}

/** The team, for assigning and for naming authors. */
export const useMembers = () => useQuery({ queryKey: ["team", "members"], queryFn: fetchMembers, staleTime: 5 * 60_000 }).data ?? [];

export const useCampaignName = (id: string | null) =>
  useQuery({ queryKey: ["campaigns", "name", id], queryFn: ({ signal }) => fetchCampaignName(id ?? "", signal), enabled: id !== null, staleTime: Infinity }).data?.name;

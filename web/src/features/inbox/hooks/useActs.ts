import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { notifications } from "@mantine/notifications";
import { explain, showUndo } from "@/components/ui";
import { changeConversation, markRead, markUnread } from "../api/conversations";
import type { Conversation } from "../api/types";
import { countRead, INBOXES, keepConversation } from "./cache";

/** What one does with a conversation as a whole: on screen at once, taken back when the server refuses. */
export function useActs() {
  const { t } = useTranslation("inbox");
  const queries = useQueryClient();

  const act = async (before: Conversation, after: Conversation, ask: () => Promise<Conversation | undefined>): Promise<boolean> => {
    keepConversation(queries, after);
    try {
      const answer = await ask();
      if (answer) keepConversation(queries, answer);
      return true;
    } catch (error) {
      keepConversation(queries, before);
      notifications.show({ color: "red", withBorder: true, title: t("common:errors.title"), message: explain(error, t as never) });
      return false;
    } finally {
      void queries.invalidateQueries({ queryKey: INBOXES });
    }
  };

  const setStatus = async (conversation: Conversation, status: "open" | "closed"): Promise<void> => {
    const done = await act(conversation, { ...conversation, status }, () => changeConversation(conversation.id, { status }));
    if (!done) return;
    const name = conversation.contact.name || (conversation.contact.address ?? "");
    const back = conversation.status === "closed" ? "closed" : "open";
    showUndo({
      message: status === "closed" ? t("acts.closed", { name }) : t("acts.reopened", { name }),
      undo: () => void act({ ...conversation, status }, { ...conversation, status: back }, () => changeConversation(conversation.id, { status: back })),
    });
  };

  return {
    toggleClosed: (conversation: Conversation) => setStatus(conversation, conversation.status === "closed" ? "open" : "closed"),
    assign: (conversation: Conversation, assignee: Conversation["assignee"]) =>
      act(conversation, { ...conversation, assignee }, () => changeConversation(conversation.id, { assignee_id: assignee?.id ?? null })),
    read: (conversation: Conversation) => {
      countRead(queries, conversation);
      return act(conversation, { ...conversation, unread: 0 }, () => markRead(conversation.id));
    },
    unread: (conversation: Conversation) => act(conversation, { ...conversation, unread: Math.max(1, conversation.unread) }, () => markUnread(conversation.id)),
  };
}

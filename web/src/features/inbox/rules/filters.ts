/** The views of the conversation list: what each asks the server for, and what belongs into it when something changes. */
import type { Query } from "@/lib/http";
import type { Conversation } from "../api/types";

export const VIEWS = ["open", "mine", "unassigned", "unread", "closed"] as const;
export type View = (typeof VIEWS)[number];

export interface Filters {
  view: View;
  search: string;
  inbox: string | null;
}

export const isView = (value: unknown): value is View => VIEWS.includes(value as View);

const ASKED: Record<View, Query> = {
  open: { status: "open" },
  mine: { status: "open", assignee: "me" },
  unassigned: { status: "open", assignee: "none" },
  unread: { unread: true },
  closed: { status: "closed" },
};

/** Filters as the API reads them. A search looks through everything: people do not know whether what they seek is closed. */
export const queryOf = ({ view, search, inbox }: Filters): Query => ({
  ...(search ? {} : ASKED[view]),
  search,
  inbox,
});

/**
 * Whether a conversation that just changed has its place in this view.
 * `null` means that only the server can tell (a search); it then keeps the place it has and gets no new one.
 */
export function belongs(conversation: Conversation, filters: Filters, me: string): boolean | null {
  if (filters.inbox !== null && conversation.inbox_id !== filters.inbox) return false;
  if (filters.search) return null;
  const closed = conversation.status === "closed";
  switch (filters.view) {
    case "open":
      return conversation.status === "open";
    case "mine":
      return conversation.status === "open" && conversation.assignee?.id === me;
    case "unassigned":
      return conversation.status === "open" && conversation.assignee === null;
    case "unread":
      // What was read a moment ago stays under the reader's eyes until the view is opened again.
      return conversation.unread > 0 ? true : null;
    case "closed":
      return closed;
  }
}

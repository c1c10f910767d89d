import { API, http, type Query } from "@/lib/http";
import type { Page } from "@/lib/paging";
import type { Composer, Conversation, ConversationStatus } from "./types";

export const fetchConversations = (query: Query, after: string | null, signal?: AbortSignal) =>
  http.get<Page<Conversation>>(`${API}/conversations`, { query: { limit: 30, ...query, after }, signal });

export const fetchConversation = (id: string, signal?: AbortSignal) => http.get<Conversation>(`${API}/conversations/${id}`, { signal });

/** Opens the one conversation with a contact, or with whoever has this number. */
export const openConversation = (whom: { contact_id: string } | { to: string }) => http.post<Conversation>(`${API}/conversations`, whom);

export const changeConversation = (id: string, change: { status?: ConversationStatus; assignee_id?: string | null }) =>
  http.patch<Conversation>(`${API}/conversations/${id}`, change);

export const markRead = (id: string) => http.post<Conversation | undefined>(`${API}/conversations/${id}/read`);

export const markUnread = (id: string) => http.post<Conversation | undefined>(`${API}/conversations/${id}/unread`);

export const fetchComposer = (id: string, signal?: AbortSignal) => http.get<Composer>(`${API}/conversations/${id}/composer`, { signal });

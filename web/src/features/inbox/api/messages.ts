import { API, http } from "@/lib/http";
import type { Page } from "@/lib/paging";
import type { Message, TextPreview } from "./types";

/** Newest first; `before` is the oldest one already here. */
export const fetchMessages = (conversation: string, before: string | null, signal?: AbortSignal) =>
  http.get<Page<Message>>(`${API}/conversations/${conversation}/messages`, { query: { limit: 40, before }, signal });

export const fetchMessage = (id: string, signal?: AbortSignal) => http.get<Message>(`${API}/messages/${id}`, { signal });

/** With the same key the server sends once, however often it is asked. */
export const sendText = (conversation: string, text: string, key: string) =>
  http.post<Message>(`${API}/conversations/${conversation}/messages`, { text }, { headers: { "Idempotency-Key": key } });

export const previewText = (text: string, contact: string | null, signal?: AbortSignal) =>
  http.post<TextPreview>(`${API}/messages/preview`, { text, ...(contact && { contact_id: contact }) }, { signal });

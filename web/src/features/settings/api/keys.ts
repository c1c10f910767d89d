import { API, http } from "@/lib/http";
import type { Schema } from "@/lib/schema";

export const SCOPES = [
  "messages:send",
  "messages:read",
  "contacts:read",
  "contacts:write",
  "campaigns:read",
  "campaigns:write",
  "conversations:read",
  "conversations:write",
] as const satisfies readonly Scope[];

export type Scope = Schema<"Scope">;
/** The words for what a key may; a colon would name another file of words. */
export const scopeWords = (scope: string): string => `keys.may.${scope.replace(":", "_")}`;

export type KeyKind = Schema<"KeyKind">;

export type ApiKey = Schema<"KeyOut">;

export const KEYS_KEY = ["keys"] as const;

export const fetchKeys = async (signal?: AbortSignal) => (await http.get<{ items: ApiKey[] }>(`${API}/keys`, { query: { limit: 200 }, signal })).items;

/** The secret is in this answer and nowhere else, ever. */
export const createKey = (wanted: Schema<"KeyIn">) => http.post<Schema<"NewKeyOut">>(`${API}/keys`, wanted);

export const revokeKey = (id: string) => http.delete<void>(`${API}/keys/${id}`);

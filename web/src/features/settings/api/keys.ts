import { API, http } from "@/lib/http";

export const SCOPES = [
  "messages:send",
  "messages:read",
  "contacts:read",
  "contacts:write",
  "campaigns:read",
  "campaigns:write",
  "conversations:read",
  "conversations:write",
] as const;

export type Scope = (typeof SCOPES)[number];
export type KeyKind = "live" | "test";

export interface ApiKey {
  id: string;
  name: string;
  kind: KeyKind;
  /** The last four characters of the secret, to tell keys apart. */
  hint: string;
  scopes: Scope[];
  created_at: string;
  last_used_at: string | null;
  revoked_at: string | null;
}

export const KEYS_KEY = ["keys"] as const;

export const fetchKeys = async (signal?: AbortSignal) => (await http.get<{ items: ApiKey[] }>(`${API}/keys`, { query: { limit: 200 }, signal })).items;

/** The secret is in this answer and nowhere else, ever. */
export const createKey = (wanted: { name: string; kind: KeyKind; scopes: Scope[] }) => http.post<{ key: ApiKey; secret: string }>(`${API}/keys`, wanted);

export const revokeKey = (id: string) => http.delete<void>(`${API}/keys/${id}`);

import { API, http } from "@/lib/http";
import type { Page } from "@/lib/paging";
import type { Schema } from "@/lib/schema";

/** What came in and could not be stored. `state`: waiting, asked (the engine is about to take it in), taken_in. */
export type PutAside = Omit<Schema<"PutAsideOut">, "state"> & { state: "waiting" | "asked" | "taken_in" };

export const putAsideKey = (channel: string) => ["channels", channel, "put-aside"] as const;

export const fetchPutAside = (channel: string, after: string | null, signal?: AbortSignal) => http.get<Page<PutAside>>(`${API}/channels/${channel}/put-aside`, { query: { after, limit: 20 }, signal });

export const takeInAgain = (channel: string, ids: string[] | null) => http.post<Schema<"AgainOut">>(`${API}/channels/${channel}/put-aside/again`, { ids });

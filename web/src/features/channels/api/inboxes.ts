import { API, http } from "@/lib/http";
import type { Schema } from "@/lib/schema";

export type InboxRef = Schema<"InboxOut">;

/** Where a channel's texts may come in. */
export const fetchInboxes = async (signal?: AbortSignal) => (await http.get<{ items: InboxRef[] }>(`${API}/inboxes`, { signal })).items;

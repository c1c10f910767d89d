import { API, http } from "@/lib/http";

export interface InboxRef {
  id: string;
  name: string;
}

/** Where a channel's texts may come in. */
export const fetchInboxes = async (signal?: AbortSignal) => (await http.get<{ items: InboxRef[] }>(`${API}/inboxes`, { signal })).items;

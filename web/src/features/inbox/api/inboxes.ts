import { API, http } from "@/lib/http";
import type { Inbox } from "./types";

export const fetchInboxes = ({ signal }: { signal: AbortSignal }) => http.get<{ items: Inbox[] }>(`${API}/inboxes`, { signal });

import { ApiError, AUTH, http } from "@/lib/http";

export interface BrowserSession {
  id: number;
  user_agent: string;
  ip: string;
  created_at: number;
  last_seen_at?: number;
  is_current: boolean;
}

export const SESSIONS_KEY = ["sessions"] as const;

export const fetchSessions = async (signal?: AbortSignal) => (await http.get<{ data: BrowserSession[] }>(`${AUTH}/auth/sessions`, { signal })).data;

/** Signs these out. 401 means that our own was among them. */
export async function endSessions(ids: readonly number[]): Promise<void> {
  try {
    await http.delete(`${AUTH}/auth/sessions`, { sessions: ids });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401 || error.wantsReauthentication) throw error;
  }
}

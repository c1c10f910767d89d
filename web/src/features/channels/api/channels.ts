import { API, http } from "@/lib/http";
import type { Page } from "@/lib/paging";

/** `refused` and `lost` need a person, `waiting` and `connecting` pass by themselves. */
export type HealthState = "off" | "connecting" | "bound" | "refused" | "lost" | "waiting";

export interface Health {
  state: HealthState;
  /** In a person's words: what the carrier said. */
  detail: string;
  code: string;
  since: string | null;
}

export type Value = string | number | boolean | null;

export interface Channel {
  id: string;
  name: string;
  kind: string;
  /** The number, short code or name customers see. */
  address: string;
  config: Record<string, Value>;
  has_secret: boolean;
  /** Segments a second; 0 is as fast as the window allows. */
  rate: number;
  /** Unanswered submits at once. */
  window: number;
  enabled: boolean;
  health: Health;
  inbox_id: string | null;
}

export const CHANNELS_KEY = ["channels"] as const;

export const fetchChannels = async (signal?: AbortSignal) =>
  (await http.get<Page<Channel>>(`${API}/channels`, { query: { limit: 200 }, signal })).items;

export const fetchChannel = (id: string, signal?: AbortSignal) => http.get<Channel>(`${API}/channels/${id}`, { signal });

/** What a form gives. `config` replaces all settings; of `secrets` only those given. */
export interface ChannelDraft {
  name: string;
  address: string;
  rate: number;
  window: number;
  inbox_id?: string;
  config: Record<string, Value>;
  secrets: Record<string, string>;
}

export const createChannel = (kind: string, draft: ChannelDraft) => http.post<Channel>(`${API}/channels`, { kind, ...draft });

export const changeChannel = (id: string, change: Partial<ChannelDraft & { enabled: boolean }>) => http.patch<Channel>(`${API}/channels/${id}`, change);

export const removeChannel = (id: string) => http.delete<void>(`${API}/channels/${id}`);

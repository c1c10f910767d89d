import { API, http } from "@/lib/http";
import type { Page } from "@/lib/paging";
import type { Schema } from "@/lib/schema";

export type Health = Schema<"HealthOut">;

export type Value = Channel["config"][string];

export type Channel = Schema<"ChannelOut">;

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
  binds: number;
  pool: string;
  weight: number;
  inbox_id?: string;
  config: Record<string, Value>;
  secrets: Record<string, string>;
}

export type Shift = Schema<"ShiftOut">;

/** Points that moved in the channel's pool, newest first. */
export const fetchShifts = async (id: string, signal?: AbortSignal) =>
  (await http.get<Schema<"ShiftsOut">>(`${API}/channels/${id}/shifts`, { signal })).items;

export const createChannel = (kind: string, draft: ChannelDraft) => http.post<Channel>(`${API}/channels`, { kind, ...draft });

export const changeChannel = (id: string, change: Schema<"ChannelChange">) => http.patch<Channel>(`${API}/channels/${id}`, change);

export const removeChannel = (id: string) => http.delete<void>(`${API}/channels/${id}`);

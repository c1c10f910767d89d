import { API, http } from "@/lib/http";
import type { Page } from "@/lib/paging";
import type { Channel, Knobs, Phone, PhoneText, PhoneWithTexts } from "./types";

const SIMULATOR = `${API}/simulator`;

export const fetchSimulators = async (signal?: AbortSignal): Promise<Channel[]> =>
  (await http.get<{ items: Channel[] }>(`${API}/channels`, { signal })).items.filter((channel) => channel.kind === "simulator");

/** Latest active first. */
export const fetchPhones = (channel: string, search: string, after: string | null, signal?: AbortSignal) =>
  http.get<Page<Phone>>(`${SIMULATOR}/phones`, { query: { channel_id: channel, search: search.replace(/[^\d+]/g, ""), limit: 12, after }, signal });

export const fetchPhone = (channel: string, address: string, signal?: AbortSignal) =>
  http.get<PhoneWithTexts>(`${SIMULATOR}/phones/${encodeURIComponent(address)}`, { query: { channel_id: channel }, signal });

/** Writes a text as the phone's owner. `bound` is false while nobody is connected to take it. */
export const typeOnPhone = (channel: string, address: string, text: string) =>
  http.post<Phone & { text: PhoneText; bound: boolean }>(`${SIMULATOR}/phones/${encodeURIComponent(address)}/texts`, { channel_id: channel, text });

export const fetchKnobs = (channel: string, signal?: AbortSignal) => http.get<Knobs>(`${SIMULATOR}/knobs`, { query: { channel_id: channel }, signal });

export const turnKnobs = (channel: string, knobs: Partial<Knobs>) => http.put<Knobs>(`${SIMULATOR}/knobs`, knobs, { query: { channel_id: channel } });

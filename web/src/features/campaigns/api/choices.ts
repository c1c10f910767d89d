import { API, http } from "@/lib/http";
import type { Channel, Field, Group } from "./types";

const items = async <T>(path: string, signal?: AbortSignal): Promise<T[]> => (await http.get<{ items: T[] }>(`${API}/${path}`, { query: { limit: 200 }, signal })).items;

export const fetchLists = (signal?: AbortSignal) => items<Group>("lists", signal);

export const fetchSegments = (signal?: AbortSignal) => items<Group>("segments", signal);

export const fetchChannels = async (signal?: AbortSignal) => (await http.get<{ items: Channel[] }>(`${API}/channels`, { signal })).items;

export const fetchFields = async (signal?: AbortSignal) => (await http.get<{ items: Field[] }>(`${API}/contacts/fields`, { signal })).items;

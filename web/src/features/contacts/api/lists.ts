import { API, http } from "@/lib/http";
import type { ContactList } from "./types";

export const LISTS_KEY = ["lists"] as const;

export const fetchLists = async (signal?: AbortSignal) => (await http.get<{ items: ContactList[] }>(`${API}/lists`, { query: { limit: 200 }, signal })).items;

export const createList = (name: string) => http.post<ContactList>(`${API}/lists`, { name });

export const renameList = (id: string, name: string) => http.patch<ContactList>(`${API}/lists/${id}`, { name });

export const deleteList = (id: string) => http.delete<void>(`${API}/lists/${id}`);

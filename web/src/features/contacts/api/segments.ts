import { API, http } from "@/lib/http";
import type { Contact, Rule, Segment } from "./types";

export const SEGMENTS_KEY = ["segments"] as const;

export const fetchSegments = async (signal?: AbortSignal) => (await http.get<{ items: Segment[] }>(`${API}/segments`, { query: { limit: 200 }, signal })).items;

export const createSegment = (name: string, rule: Rule) => http.post<Segment>(`${API}/segments`, { name, rule });

export const changeSegment = (id: string, name: string, rule: Rule) => http.patch<Segment>(`${API}/segments/${id}`, { name, rule });

export const deleteSegment = (id: string) => http.delete<void>(`${API}/segments/${id}`);

/** Who fits a rule now: how many, and a few of them. */
export const previewSegment = (rule: Rule, signal?: AbortSignal) => http.post<{ count: number; sample: Contact[] }>(`${API}/segments/preview`, { rule }, { signal });

import { API, http } from "@/lib/http";
import type { Schema } from "@/lib/schema";

export type Label = Schema<"LabelOut">;

export const LABELS_KEY = ["labels"] as const;

export const fetchLabels = async (signal?: AbortSignal) => (await http.get<{ items: Label[] }>(`${API}/labels`, { query: { limit: 200 }, signal })).items;

export const createLabel = (label: { name: string; color: string }) => http.post<Label>(`${API}/labels`, label);

export const changeLabel = (id: string, change: { name: string; color: string }) => http.patch<Label>(`${API}/labels/${id}`, change);

export const deleteLabel = (id: string) => http.delete<void>(`${API}/labels/${id}`);

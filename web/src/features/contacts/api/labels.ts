import { API, http } from "@/lib/http";
import type { Label } from "./types";

export const LABELS_KEY = ["labels"] as const;

export const fetchLabels = async (signal?: AbortSignal) => (await http.get<{ items: Label[] }>(`${API}/labels`, { query: { limit: 200 }, signal })).items;

export const createLabel = (name: string) => http.post<Label>(`${API}/labels`, { name });

import { API, http } from "@/lib/http";
import type { Schema } from "@/lib/schema";

/** A text that may say that somebody wants no more: advertising is held until a person has read it. Without a contact once that is gone. */
export type Suspect = Schema<"SuspectOut">;

export type Answer = Schema<"Answer">;

export type SuspectPage = Schema<"CountedPage_SuspectOut_">;

export const SUSPECTS_KEY = ["suspects"] as const;

export const fetchSuspects = (signal?: AbortSignal) => http.get<SuspectPage>(`${API}/consent/suspects`, { query: { limit: 100 }, signal });

export const answerSuspect = (id: string, decision: Answer) => http.post<unknown>(`${API}/consent/suspects/${id}`, { decision });

export const undoSuspect = (id: string) => http.post<unknown>(`${API}/consent/suspects/${id}/undo`);

import { API, http } from "@/lib/http";
import type { Page } from "@/lib/paging";

/** A text that may say that somebody wants no more: advertising is held until a person has read it. */
export interface Suspect {
  id: string;
  /** Null once the contact is gone. */
  contact: { id: string; name: string; address: string } | null;
  conversation_id: string | null;
  text: string;
  at: string;
  score: number;
  /** What made us think so: words as they were read. */
  evidence: readonly { words: string; language: string }[];
}

export type Answer = "stop" | "ordinary";

export type SuspectPage = Page<Suspect> & { total: number };

export const SUSPECTS_KEY = ["suspects"] as const;

export const fetchSuspects = (signal?: AbortSignal) => http.get<SuspectPage>(`${API}/consent/suspects`, { query: { limit: 100 }, signal });

export const answerSuspect = (id: string, decision: Answer) => http.post<unknown>(`${API}/consent/suspects/${id}`, { decision });

export const undoSuspect = (id: string) => http.post<unknown>(`${API}/consent/suspects/${id}/undo`);

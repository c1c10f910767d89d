import { API, http } from "@/lib/http";
import type { Source } from "./packs";

/** A reason: a stable code, a sentence in the reader's language, and what it was taken from. */
export interface Because {
  code: string;
  message: string;
  facts: { rule?: string; version?: number; source?: Source; [more: string]: unknown };
}

/** What was decided of one message at one moment. */
export interface Verdict {
  verdict: "allow" | "defer" | "block";
  at: string;
  headline: { code: string; message: string };
  reasons: readonly Because[];
  channel: { reasons: readonly Because[] };
  /** Not before; null when it may go, or never. */
  until: string | null;
  /** What the clocks say in every zone the person may be in. */
  local_times: readonly { zone: string; at: string }[];
  /** The consent it rests on. */
  consent_entry_id: string | null;
}

export interface Why extends Verdict {
  /** Decided again, oldest first. */
  later: readonly Verdict[];
}

export const fetchMessageWhy = (message: string, signal?: AbortSignal) => http.get<Why>(`${API}/messages/${message}/why`, { signal });

/** As if asked now; nothing is sent. */
export const fetchContactWhy = (contact: string, purpose: string, signal?: AbortSignal) => http.get<Why>(`${API}/contacts/${contact}/why`, { query: { purpose }, signal });

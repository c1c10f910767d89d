import { API, http } from "@/lib/http";
import type { Schema } from "@/lib/schema";
import type { Source } from "./packs";

/** A reason: a stable code, a sentence in the reader's language, and what it was taken from. */
export type Because = Omit<Schema<"BecauseOut">, "facts"> & { facts: { rule?: string; version?: number; source?: Source; [more: string]: unknown } };

/** What was decided of one message at one moment. `local_times`: what the clocks say in every zone the person may be in. */
export type Verdict = Omit<Schema<"DecidedOut">, "reasons" | "channel"> & { reasons: Because[]; channel: { reasons: Because[] } };

/** `later`: decided again, oldest first. */
export type Why = Verdict & { later: Verdict[] };

export const fetchMessageWhy = (message: string, signal?: AbortSignal) => http.get<Why>(`${API}/messages/${message}/why`, { signal });

/** As if asked now; nothing is sent. */
export const fetchContactWhy = (contact: string, purpose: string, signal?: AbortSignal) => http.get<Why>(`${API}/contacts/${contact}/why`, { query: { purpose }, signal });

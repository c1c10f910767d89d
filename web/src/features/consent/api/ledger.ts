import { API, fetchFile, http } from "@/lib/http";
import type { Page } from "@/lib/paging";

/** What a permission rests on, the strongest last. */
export const PERMISSIONS = ["legacy_unproven", "implied_inquiry", "implied_purchase", "soft_opt_in", "attested", "express", "express_written", "double_opt_in"] as const;
export type Permission = (typeof PERMISSIONS)[number];

export interface Granted {
  kind: Permission;
  until: string | null;
  entry_id: string | null;
}

export interface Standing {
  /** `all`, or the purposes they stopped. */
  stopped: readonly string[];
  /** A suspected opt-out waits for a person: advertising is held. */
  held: boolean;
  purposes: Readonly<Record<string, Granted | null>>;
  /** They wish to get advertising at any hour. */
  any_hour: boolean;
  /** Null: not known. */
  dnc_listed: boolean | null;
  reassigned_on: string | null;
}

export interface Entry {
  id: string;
  /** A {@link Permission}, or stop, start, withdrawal, expiry, hold, release, erasure. */
  kind: string;
  /** `all`, `marketing`, or a purpose. */
  scope: string;
  at: string;
  source: string;
  /** What they wrote; null after an erasure, as all that is personal. */
  words: string | null;
  /** What they were shown. */
  shown: string | null;
  /** The page, file or program it came from. */
  origin: string | null;
  language: string;
  keyword: string;
  expires_at: string | null;
  by: { id: string; name: string } | null;
  note: string | null;
  message_id: string | null;
  /** The seal it stands under; null for some seconds. */
  sealed: number | null;
}

export interface Consent {
  standing: Standing;
  entries: Page<Entry>;
}

export const consentKey = (contact: string) => ["contacts", "one", contact, "consent"] as const;

export const fetchConsent = (contact: string, after: string | null, signal?: AbortSignal) => http.get<Consent>(`${API}/contacts/${contact}/consent`, { query: { after }, signal });

export interface NewConsent {
  kind: Permission;
  scope: string;
  shown: string;
  language: string;
  origin: string;
  note: string;
  at?: string;
  expires_at?: string | null;
}

export const recordConsent = (contact: string, consent: NewConsent) => http.post<unknown>(`${API}/contacts/${contact}/consent`, consent);

export const stopContact = (contact: string, note: string) => http.post<unknown>(`${API}/contacts/${contact}/stop`, { note });

/** Everything that proves it: consents, messages, and the check made before each. */
export const fetchEvidence = (contact: string, format: "json" | "pdf") => fetchFile(`${API}/contacts/${contact}/evidence`, { query: { format } });
